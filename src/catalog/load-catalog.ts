import { readFileSync } from "node:fs";
import type { Catalog } from "./catalog.ts";
import { parseCatalog } from "./parse-catalog.ts";

/**
 * The catalogue that this version of the package is pinned to: `snapshot.json` beside this file, never refreshed by itself. Its digest
 * is part of what a person approves. Throws when the snapshot is malformed, which is a bug of the package.
 */
export function loadCatalog(): Catalog {
  const { catalog, problems } = parseCatalog(
    readFileSync(new URL("./snapshot.json", import.meta.url), "utf8"),
  );
  const [first] = problems;
  if (first !== undefined) throw new Error(`snapshot.json: ${first.path}: ${first.problem}`);
  return catalog;
}
