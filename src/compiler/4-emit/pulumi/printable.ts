/** The npm packages that generated code may import, each as one namespace. */
export const NAMESPACES = {
  aws: "@pulumi/aws",
  azure: "@pulumi/azure",
  cloudflare: "@pulumi/cloudflare",
  docker: "@pulumi/docker",
  gcp: "@pulumi/gcp",
  netlify: "supercargo/netlify",
  pulumi: "@pulumi/pulumi",
  supercargo: "supercargo/resources",
  vercel: "@pulumiverse/vercel",
} as const;
export type Namespace = keyof typeof NAMESPACES;

/**
 * What may stand in generated code, and nothing else. Names (`const`, `member`, `field`, `symbol`) come from naming tables and from
 * {@link createIdentifiers}; all text of a manifest is a `string` or a key of a `map`, which are printed as string literals.
 */
export type Printable =
  | string
  | number
  | boolean
  /** A constant declared in the file, or a field of it. */
  | { readonly kind: "const"; readonly identifier: string; readonly member?: string | undefined }
  | { readonly kind: "list"; readonly items: readonly Printable[] }
  /** Keys are names of arguments. */
  | { readonly kind: "object"; readonly fields: readonly (readonly [string, Printable])[] }
  /** Keys are data. */
  | { readonly kind: "map"; readonly entries: readonly (readonly [string, Printable])[] }
  | Call;

/** A call of an imported function or class. */
export interface Call {
  readonly kind: "call" | "new";
  readonly symbol: ImportedSymbol;
  readonly args: readonly Printable[];
}

/** An export of a package; its import is added when the file is finished. */
export interface ImportedSymbol {
  readonly namespace: Namespace;
  readonly name: string;
}

/** Namespaces that a value uses. */
export function usedNamespaces(value: Printable, into: Set<Namespace>): void {
  if (typeof value !== "object") return;
  if (value.kind === "list") for (const item of value.items) usedNamespaces(item, into);
  if (value.kind === "object") for (const [, field] of value.fields) usedNamespaces(field, into);
  if (value.kind === "map") for (const [, entry] of value.entries) usedNamespaces(entry, into);
  if (value.kind === "call" || value.kind === "new") {
    into.add(value.symbol.namespace);
    for (const argument of value.args) usedNamespaces(argument, into);
  }
}
