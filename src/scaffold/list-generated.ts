import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CLIENTS,
  FAMILIES,
  type Family,
  renderClients,
  renderRegistry,
} from "./render-registry.ts";

/** A file that is generated from what is in the clone. */
export interface GeneratedFile {
  /** Relative to the clone, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What the registries of a clone must be. Throws when a folder of a family is no adapter: without one of the files that it must have. */
export function listGenerated(root: string): readonly GeneratedFile[] {
  const families = Object.keys(FAMILIES) as Family[];
  return families.flatMap((family) => {
    const names = listAdapters(root, family);
    const folder = `src/adapters/${family}`;
    const registry = { path: `${folder}/registry.ts`, text: renderRegistry(family, names) };
    const text = renderClients(family, names);
    return text === undefined ? [registry] : [registry, { path: `${folder}/clients.ts`, text }];
  });
}

function listAdapters(root: string, family: Family): readonly string[] {
  const folder = join(root, "src/adapters", family);
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "_template")
    .map(({ name }) => name)
    // Switching branches leaves empty folders behind.
    .filter((name) => readdirSync(join(folder, name)).length > 0);
  const client = CLIENTS[family]?.file;
  const needed = ["index.ts", "README.md", ...(client === undefined ? [] : [client])];
  for (const name of names)
    for (const file of needed)
      if (!existsSync(join(folder, name, file)))
        throw new Error(`src/adapters/${family}/${name} has no ${file}`);
  return names;
}
