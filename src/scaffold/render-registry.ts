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
    what: "Every vendor on which a manifest can place the kinds that it serves",
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

/** How a family's clients are loaded, where that is by a registry of its own. */
export const CLIENTS: Readonly<
  Partial<Record<Family, { list: string; file: string; opener: string; what: string }>>
> = {
  issuers: {
    list: "ISSUER_CLIENTS",
    file: "client.ts",
    opener: "OpenIssuer",
    what: "each payment partner's client",
  },
  orchestrators: {
    list: "ORCHESTRATOR_CLIENTS",
    file: "open-orchestrator.ts",
    opener: "OpenOrchestrator",
    what: "each orchestrator's client",
  },
};

/** The text of a family's `clients.ts`: how the broker loads each client, and nothing of one that is not used. Undefined where it has none. */
export function renderClients(family: Family, names: readonly string[]): string | undefined {
  const clients = CLIENTS[family];
  if (clients === undefined) return undefined;
  const { list, file, opener, what } = clients;
  const method = opener.charAt(0).toLowerCase() + opener.slice(1);
  return [
    HEADER,
    `import type { ${opener} } from "./contract.ts";\n`,
    `\n/** How ${what} is loaded, by id. For the broker alone. */\n`,
    `export const ${list}: Readonly<\n`,
    `  Record<string, () => Promise<{ readonly ${method}: ${opener} }>>\n`,
    "> = {\n",
    ...names.toSorted().map((name) => `  ${quoteKey(name)}: () => import("./${name}/${file}"),\n`),
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
