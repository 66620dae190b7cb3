import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FAMILIES, type Family, renderIssuerClients, renderRegistry } from "./render-registry.ts";

/** A file that is generated from what is in the clone. */
export interface GeneratedFile {
  /** Relative to the clone, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What the registries of a clone must be. Throws when a folder of a family is no adapter: without an `index.ts` or a `README.md`. */
export function listGenerated(root: string): readonly GeneratedFile[] {
  const families = Object.keys(FAMILIES) as Family[];
  return families.flatMap((family) => {
    const names = listAdapters(root, family);
    const folder = `src/adapters/${family}`;
    const registry = { path: `${folder}/registry.ts`, text: renderRegistry(family, names) };
    const clients = { path: `${folder}/clients.ts`, text: renderIssuerClients(names) };
    return family === "issuers" ? [registry, clients] : [registry];
  });
}

function listAdapters(root: string, family: Family): readonly string[] {
  const folder = join(root, "src/adapters", family);
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "_template")
    .map(({ name }) => name)
    // Switching branches leaves empty folders behind.
    .filter((name) => readdirSync(join(folder, name)).length > 0);
  for (const name of names)
    for (const file of family === "issuers"
      ? ["index.ts", "client.ts", "README.md"]
      : ["index.ts", "README.md"])
      if (!existsSync(join(folder, name, file)))
        throw new Error(`src/adapters/${family}/${name} has no ${file}`);
  return names;
}
