/** The families of adapters, and the type of what an adapter's `index.ts` exports. */
export const FAMILIES = {
  issuers: { list: "ISSUERS", type: "IssuerProfile", what: "Every payment partner" },
  orchestrators: {
    list: "ORCHESTRATORS",
    type: "OrchestratorProfile",
    what: "Everyone who can vouch for a principal",
  },
  vendors: {
    list: "VENDORS",
    type: "Vendor",
    what: "Every vendor with resources of its own, on which a manifest can place any kind that it serves",
  },
} as const;
export type Family = keyof typeof FAMILIES;

const HEADER = "// Written by `npm run gen` from the folders beside it; changes are lost.\n";

/** The text of a family's `registry.ts`. `names` are the adapters' folders. */
export function renderRegistry(family: Family, names: readonly string[]): string {
  const { list, type, what } = FAMILIES[family];
  const sorted = names.toSorted();
  const imports = sorted.map((name) => ({
    line: `import ${toIdentifier(name)} from "./${name}/index.ts";\n`,
    key: name,
  }));
  const contract = {
    line: `import type { ${type} } from "./contract.ts";\n`,
    key: "contract.ts",
  };
  const lines = [...imports, contract]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ line }) => line);
  return [
    HEADER,
    ...lines,
    `\n/** ${what}, by id. */\n`,
    `export const ${list}: readonly ${type}[] = ${printList(list, type, sorted.map(toIdentifier))};\n`,
  ].join("");
}

/** The text of `issuers/clients.ts`: how the broker loads each issuer's client, and nothing of one that is not used. */
export function renderIssuerClients(names: readonly string[]): string {
  return [
    HEADER,
    `import type { OpenIssuer } from "./contract.ts";\n`,
    "\n/** How each payment partner's client is loaded, by id. For the broker alone. */\n",
    "export const ISSUER_CLIENTS: Readonly<\n",
    "  Record<string, () => Promise<{ readonly openIssuer: OpenIssuer }>>\n",
    "> = {\n",
    ...names
      .toSorted()
      .map((name) => `  ${quoteKey(name)}: () => import("./${name}/client.ts"),\n`),
    "};\n",
  ].join("");
}

/** `stripe-issuing` -> `stripeIssuing` */
export function toIdentifier(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function quoteKey(name: string): string {
  return /^[a-z][a-z0-9]*$/.test(name) ? name : `"${name}"`;
}

/** As the formatter prints it: on one line where it fits into 100 columns. */
function printList(list: string, type: string, names: readonly string[]): string {
  const line = `[${names.join(", ")}]`;
  const before = `export const ${list}: readonly ${type}[] = `;
  if (before.length + line.length + 1 <= 100) return line;
  return `[\n${names.map((name) => `  ${name},\n`).join("")}]`;
}
