import type { Reference, Text } from "./model.ts";

/** A text with its references apart, or the first piece that looks like a reference and is none. */
export type ParsedText =
  | { readonly ok: true; readonly text: Text }
  | { readonly ok: false; readonly piece: string };

const MARK = /\$\$\{|\$\{([^{}$]*)(\}?)/g;
const REFERENCE = /^([a-z][a-z0-9-]{0,62})\.([a-z]{1,63})$/;

/** Reads `${name.attribute}` in a text; `$${` stands for the two characters themselves. Linear. */
export function parseText(source: string): ParsedText {
  const parts: (string | Reference)[] = [];
  let literal = "";
  let end = 0;
  for (const match of source.matchAll(MARK)) {
    const [piece, inside = "", brace] = match;
    literal += source.slice(end, match.index);
    end = match.index + piece.length;
    if (piece === "$${") {
      literal += "${";
      continue;
    }
    const [, resource, attribute] = REFERENCE.exec(inside) ?? [];
    if (brace === "" || resource === undefined || attribute === undefined)
      return { ok: false, piece };
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push({ kind: "reference", resource, attribute });
  }
  literal += source.slice(end);
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return { ok: true, text: parts };
}
