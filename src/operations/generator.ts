import { readFileSync } from "node:fs";

/** Name and version of this package, as headers of generated files and `--version` show them. */
export const GENERATOR: { readonly name: "supercargo"; readonly version: string } = {
  name: "supercargo",
  version: readVersion(),
};

function readVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
