import type { ImportedSymbol, Namespace } from "./printable.ts";

/** Types whose class is not called after them. */
const CLASSES: Readonly<Record<string, ImportedSymbol>> = {
  supercargo_secret: { namespace: "supercargo", name: "GeneratedSecret" },
  provider_cloudflare: { namespace: "cloudflare", name: "Provider" },
};

/** The packages of provider-schema types, by the word before the first underscore. */
const PREFIXES: Readonly<Record<string, Namespace>> = {
  cloudflare: "cloudflare",
  supercargo: "supercargo",
};

/** Class of a provider-schema type: `cloudflare_r2_bucket` -> `cloudflare.R2Bucket`. */
export function pulumiClass(type: string): ImportedSymbol {
  const special = CLASSES[type];
  if (special !== undefined) return special;
  const [prefix = "", ...words] = type.split("_");
  const namespace = PREFIXES[prefix];
  if (namespace === undefined) throw new Error(`no Pulumi package for the type ${type}`);
  return { namespace, name: words.map(capitalise).join("") };
}

/** Argument or output of a provider-schema name: `content_sha256` -> `contentSha256`. */
export function pulumiField(name: string): string {
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) throw new Error(`not a schema name: ${name}`);
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
