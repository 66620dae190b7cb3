import { Document, type Scalar, visit } from "yaml";

/** What a document may hold: JSON without null. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** A text that no version of YAML reads as anything but a text when it stands bare. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;
/** Words that YAML 1.1, which Kubernetes reads, takes for truth values, nothing or numbers. */
const NO_TEXT = /^(?:y|yes|n|no|true|false|on|off|null|nan|inf|infinity)$/i;
/** Lines of ASCII: they may stand as they are in a block. */
const LINES = /^[\t\x20-\x7e]*(?:\n[\t\x20-\x7e]*)+$/;

/**
 * Prints documents as one file, in ASCII. Whatever might be read as something else than a text, hide or reorder the line stands in
 * quotes with escapes. A lone half of a character, which YAML cannot hold, becomes U+FFFD.
 */
export function printYaml(header: readonly string[], values: readonly YamlValue[]): string {
  const comment = header.map((line) => (line === "" ? "#" : `# ${line}`)).join("\n");
  // No mark before the first one: Crossplane takes a comment with a mark behind it for a document of its own.
  return `${comment}\n${values.map(printDocument).join("---\n")}`;
}

function printDocument(value: YamlValue): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string") styleText(node as Scalar<string>);
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedAsJSON: true });
  // Only texts in double quotes hold anything but ASCII.
  return text.replace(/[^\n\t\x20-\x7e]/gu, escapeCharacter);
}

function styleText(node: Scalar<string>): void {
  node.value = node.value.toWellFormed();
  if (PLAIN.test(node.value) && !NO_TEXT.test(node.value)) node.type = "PLAIN";
  else node.type = LINES.test(node.value) ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
}

function escapeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
