import { quoteString } from "../quote-string.ts";
import type { Call, Printable } from "./printable.ts";

const WIDTH = 100;
/** A text that is too long goes to a line of its own only behind a key of at least this length; behind a shorter one it would save nothing. */
const LONG_KEY = 5;

/** Where a value starts and what must still fit behind it. */
interface Place {
  /** Spaces before the line. */
  readonly indent: number;
  /** Characters already on the line, `indent` included. */
  readonly column: number;
  /** Characters that follow the value's last line. */
  readonly after: number;
}

/**
 * Prints a value as Prettier and Biome would at a width of 100: on one line where it fits and else one item a line, with the last
 * argument's braces on the line of the call. Nothing is measured twice per level, so the time is linear for values of bounded depth.
 */
export function printPrintable(value: Printable, place: Place): string {
  const line = printFlat(value);
  if (line !== undefined && place.column + line.length + place.after <= WIDTH) return line;
  if (typeof value !== "object") return line ?? "";
  switch (value.kind) {
    case "const":
      return line ?? "";
    case "list":
      return printLines("[", value.items, "]", place, printPrintable);
    case "object":
      return printLines("{", value.fields, "}", place, printField);
    case "map":
      return printLines("{", value.entries, "}", place, ([key, entry], at) =>
        printField([printKey(key), entry], at),
      );
    case "call":
    case "new":
      return printCall(value, place);
  }
}

/** The value on one line; undefined when it must not stand on one. */
function printFlat(value: Printable): string | undefined {
  if (typeof value === "string") return quoteString(value);
  if (typeof value !== "object") return printScalar(value);
  switch (value.kind) {
    case "const":
      return value.member === undefined ? value.identifier : `${value.identifier}.${value.member}`;
    case "list":
      return isTable(value.items) ? undefined : joinFlat("[", value.items.map(printFlat), "]");
    case "object":
      return joinFlat(
        "{ ",
        value.fields.map(([key, field]) => printFlatField(key, field)),
        " }",
      );
    case "map":
      return joinFlat(
        "{ ",
        value.entries.map(([key, entry]) => printFlatField(printKey(key), entry)),
        " }",
      );
    case "call":
    case "new":
      return joinFlat(printHead(value), value.args.map(printFlat), ")");
  }
}

function printScalar(value: number | boolean): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error("not a finite number");
  return String(value);
}

function joinFlat(
  open: string,
  parts: readonly (string | undefined)[],
  close: string,
): string | undefined {
  if (parts.includes(undefined)) return undefined;
  return parts.length === 0 ? open.trim() + close.trim() : open + parts.join(", ") + close;
}

function printFlatField(key: string, value: Printable): string | undefined {
  const line = printFlat(value);
  return line === undefined ? undefined : `${key}: ${line}`;
}

/** Rows of several objects read better one a line, however short. */
function isTable(items: readonly Printable[]): boolean {
  return (
    items.length > 1 &&
    items.every(
      (item) => typeof item === "object" && item.kind === "object" && item.fields.length > 1,
    )
  );
}

function printLines<T>(
  open: string,
  items: readonly T[],
  close: string,
  { indent }: Place,
  print: (item: T, place: Place) => string,
): string {
  if (items.length === 0) return open + close;
  const inner = indent + 2;
  const space = " ".repeat(inner);
  const lines = items.map(
    (item) => `${space}${print(item, { indent: inner, column: inner, after: 1 })},\n`,
  );
  return `${open}\n${lines.join("")}${" ".repeat(indent)}${close}`;
}

function printField([key, value]: readonly [string, Printable], place: Place): string {
  const start = `${key}: `;
  const column = place.column + start.length;
  const text = printPrintable(value, { ...place, column });
  const isLeaf = typeof value === "string" || (typeof value === "object" && value.kind === "const");
  const fits = column + text.length + place.after <= WIDTH;
  if (!isLeaf || fits || key.length < LONG_KEY) return start + text;
  return `${key}:\n${" ".repeat(place.indent + 2)}${text}`;
}

function printCall(value: Call, place: Place): string {
  const head = printHead(value);
  const last = value.args.at(-1);
  const others = value.args.slice(0, -1);
  if (last !== undefined && isBraced(last) && !others.some(isBraced)) {
    const start = head + others.map((argument) => `${printFlat(argument)}, `).join("");
    const column = place.column + start.length;
    if (column + 1 <= WIDTH) {
      return `${start}${printPrintable(last, { ...place, column: WIDTH, after: place.after + 1 })})`;
    }
  }
  return printLines(head, value.args, ")", place, printPrintable);
}

function printHead({ kind, symbol }: Call): string {
  return `${kind === "new" ? "new " : ""}${symbol.namespace}.${symbol.name}(`;
}

function isBraced(value: Printable): boolean {
  return typeof value === "object" && (value.kind === "object" || value.kind === "map");
}

/** A key that is data is always quoted; `"__proto__": x` would set the prototype, `["__proto__"]: x` is a key like any other. */
function printKey(key: string): string {
  return key === "__proto__" ? '["__proto__"]' : quoteString(key);
}
