import { quoteString } from "../quote-string.ts";
import type { JsonValue } from "./json-value.ts";

/** Prints a configuration: two spaces a level, ASCII only. */
export function printConfiguration(value: JsonValue): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => quoteString(JSON.parse(literal)))}\n`;
}
