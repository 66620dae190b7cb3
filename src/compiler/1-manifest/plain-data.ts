import { type Document, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { Place } from "./compose-yaml.ts";
import { findHiddenCharacter } from "./source-text.ts";
import type { Span } from "./spans.ts";

/** What a file can hold. Mappings have no prototype. */
export type PlainData =
  | null
  | string
  | number
  | boolean
  | readonly PlainData[]
  | { readonly [key: string]: PlainData };

export interface LocatedData {
  readonly data: PlainData;
  readonly span: Span;
}

const RESERVED_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * YAML nodes to plain data and the places of all of it. A plain scalar is a number or truth value only in the form that every YAML
 * version reads alike; forms that they read differently are refused. Linear, with our own check of duplicate keys. The nodes'
 * depth is bounded, so recursion is safe.
 */
export function toPlainData(document: Document, at: Place, sink: BoundedSink): LocatedData {
  return convert(document.contents, { at, sink }, undefined);
}

interface Context {
  readonly at: Place;
  readonly sink: BoundedSink;
}

function convert(node: unknown, context: Context, key: Span["key"]): LocatedData {
  if (isMap(node)) return convertMap(node, context, key);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item, context, undefined));
    const members = new Map(items.map(({ span }, i) => [String(i), span]));
    return { data: items.map(({ data }) => data), span: { value: rangeOf(node), key, members } };
  }
  if (isScalar(node))
    return { data: convertScalar(node, context), span: { value: rangeOf(node), key } };
  return { data: null, span: { value: key ?? [0, 0], key } };
}

function convertMap(map: YAMLMap, context: Context, key: Span["key"]): LocatedData {
  const data: Record<string, PlainData> = Object.create(null);
  const members = new Map<string, Span>();
  for (const pair of map.items) {
    const name = readKey(pair, context, members);
    if (name === undefined) continue;
    const member = convert(pair.value, context, rangeOf(pair.key));
    data[name] = member.data;
    members.set(name, member.span);
  }
  return { data, span: { value: rangeOf(map), key, members } };
}

function readKey(
  { key }: Pair,
  { at, sink }: Context,
  members: ReadonlyMap<string, Span>,
): string | undefined {
  const range = rangeOf(key);
  if (!isScalar(key) || typeof key.value !== "string" || key.value === "") {
    const actual = isMap(key) ? "a mapping" : isSeq(key) ? "a list" : "empty";
    sink.fail(() => createDiagnostic("SC1013", { actual }, at(...range)));
    return undefined;
  }
  const name = key.value;
  if (RESERVED_KEYS.has(name)) {
    sink.fail(() => createDiagnostic("SC1012", { key: name }, at(...range)));
    return undefined;
  }
  const first = members.get(name);
  if (first !== undefined) {
    sink.fail(() => {
      const { line } = at(...(first.key ?? first.value)).range.start;
      return createDiagnostic("SC1011", { key: name, line }, at(...range));
    });
    return undefined;
  }
  return checkText(name, range, { at, sink }) ? name : undefined;
}

const TRUTH: Readonly<Record<string, boolean>> = { true: true, false: false };
const NUMBER = /^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,6})$/;
const NOTHING: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
/** What YAML 1.1 or 1.2 reads as a number or truth value, besides the forms above. */
const AMBIGUOUS =
  /^(?:True|TRUE|False|FALSE|[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN))$/;

function convertScalar(scalar: Scalar, context: Context): PlainData {
  const text = String(scalar.value);
  if (scalar.type === "PLAIN") {
    if (NOTHING.has(text)) return null;
    if (NUMBER.test(text)) return Number(text);
    if (Object.hasOwn(TRUTH, text)) return TRUTH[text] ?? null;
    if (AMBIGUOUS.test(text)) {
      const range = rangeOf(scalar);
      context.sink.fail(() => createDiagnostic("SC1014", { text }, context.at(...range)));
      return null;
    }
  }
  checkText(text, rangeOf(scalar), context);
  return text;
}

/** Escapes can write what the text itself may not hold. */
function checkText(text: string, range: readonly [number, number], { at, sink }: Context): boolean {
  if (/^[\t\n\x20-\x7e]*$/.test(text)) return true;
  const character = findHiddenCharacter(text);
  if (character !== undefined) {
    sink.fail(() => createDiagnostic("SC1003", { character }, at(...range)));
    return false;
  }
  const normalised = text.normalize("NFC");
  if (normalised === text) return true;
  sink.fail(() => createDiagnostic("SC1004", { text, normalised }, at(...range)));
  return false;
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}
