import { readFileSync } from "node:fs";

const PACKAGE = readPackage();

/** Name and version of this package, as headers of generated files and `--version` show them. */
export const GENERATOR: { readonly name: "supercargo"; readonly version: string } = {
  name: "supercargo",
  version: PACKAGE.version,
};

/** The version of ts-morph, and with it of TypeScript, that checks what is generated. */
export const PARSER_VERSION: string = PACKAGE.dependencies["ts-morph"];

function readPackage() {
  const file = new URL("../../package.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as {
    readonly version: string;
    readonly dependencies: { readonly "ts-morph": string };
  };
}
