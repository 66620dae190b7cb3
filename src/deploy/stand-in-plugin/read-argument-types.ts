import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { npmPackage } from "./npm-package.ts";
import type { Properties } from "./property-names.ts";

interface Argument {
  readonly isRequired: boolean;
  /** What a plain value of it is, where the package says one of these. */
  readonly type: "string" | "number" | "boolean" | undefined;
}

/** The first line of an argument in a package's declarations: `    image: pulumi.Input<string>;`; ours are its sources. */
const LINE = /^ {2,4}(\w+)(\??): pulumi\.Input<(.*)$/gm;

/**
 * What the real plugin's schema says of a type's inputs, read from the declarations of the package's own SDK, which are generated from it: which exist, which are required, and which are
 * plain text, numbers or switches. `type` is the engine's token, e.g. `docker:index/container:Container`.
 */
export function readArgumentTypes(type: string): ReadonlyMap<string, Argument> {
  const [name = "", module = "", className = ""] = type.split(":");
  const text = readFileSync(findDeclarations(name, module.replace(/^index\//, "")), "utf8");
  const start = text.indexOf(`export interface ${className}Args {`);
  if (start < 0) throw new Error(`${npmPackage(name)} has no ${className}`);
  const body = text.slice(start, text.indexOf("\n}", start));
  return new Map(
    [...body.matchAll(LINE)].map(([, property = "", optional, of = ""]) => [
      property,
      { isRequired: optional === "", type: readPlain(of) },
    ]),
  );
}

function findDeclarations(name: string, file: string): string {
  if (name === "netlify") {
    const own = file.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return join(import.meta.dirname, "../../resources/netlify", `${own}.ts`);
  }
  const manifest = createRequire(import.meta.url).resolve(`${npmPackage(name)}/package.json`);
  return join(manifest, "..", `${file}.d.ts`);
}

/** What is wrong with inputs as far as those types tell. */
export function checkArguments(
  types: ReadonlyMap<string, Argument>,
  inputs: Properties,
): readonly { property: string; reason: string }[] {
  const unknown = Object.keys(inputs).filter(
    (property) => !types.has(property) && !property.startsWith("__"),
  );
  const missing = [...types].filter(
    ([property, { isRequired }]) => isRequired && inputs[property] === undefined,
  );
  const wrong = [...types].filter(
    ([property, { type }]) =>
      type !== undefined && inputs[property] !== undefined && typeof inputs[property] !== type,
  );
  return [
    ...unknown.map((property) => ({ property, reason: "there is no such argument" })),
    ...missing.map(([property]) => ({ property, reason: "is required" })),
    ...wrong.map(([property, { type }]) => ({ property, reason: `is not a ${type}` })),
  ];
}

function readPlain(text: string): Argument["type"] {
  const [first] = text.split(/ \| |>/);
  return first === "string" || first === "number" || first === "boolean" ? first : undefined;
}
