import { type LocatedData, type PlainData, RESERVED_KEYS, readPlainScalar } from "./plain-data.ts";
import type { Span } from "./spans.ts";

/**
 * Reads what most manifests are made of in one pass, an order of magnitude faster than a YAML library can: mappings of plain keys,
 * lists, plain and quoted texts on one line, brackets and braces on one line, comments, in printable ASCII. Undefined for any other text,
 * sound or not, which is then for the library to read; whatever this gives is exactly what {@link toPlainData} would, places included.
 */
export function readSimpleYaml(text: string): LocatedData | undefined {
  if (!/^[\n\x20-\x7e]*$/.test(text)) return undefined;
  const scan: Scan = { text, at: 0 };
  if (skipLines(scan) !== 0) return undefined;
  const root = readMapping(scan, 0, 0);
  return scan.at === text.length ? root : undefined;
}

interface Scan {
  readonly text: string;
  /** Offset of what is read next. */
  at: number;
}

type Key = Span["key"];

/** What stands deeper is not simple. */
const DEPTH_MAX = 16;

const KEY = /[A-Za-z][\w.-]{0,99}(?=:[ \n])/y;
const SPACES = / */y;
const LINE_END = /(?: +#[^\n]*| *)(?:\n|$)/y;
const COMMENT_LINE = /#[^\n]*(?:\n|$)/y;
const QUOTED = /"[^"\\\n]*"|'[^'\n]*'(?!')/y;
/** Starts with what is no indicator of YAML; a colon before a space ends it, as does a space before `#`. */
const PLAIN = /[\w./$(~+^;<=](?:[^\n: ]|:(?=[^\n ])| +(?=[^\n #]))*/y;
/** Inside brackets or braces, which end it, too. */
const PLAIN_IN_FLOW = /[\w./$(~+^;<=](?:[^\n: ,[\]{}]|:(?=[^\n ,[\]{}])| +(?=[^\n #,[\]{}]))*/y;

/** Takes what the pattern finds here, which may be nothing at all. */
function take({ text, at }: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skip(scan: Scan, pattern: RegExp): boolean {
  const found = take(scan, pattern);
  scan.at += found?.length ?? 0;
  return found !== undefined;
}

/**
 * Goes to the next line that holds something and answers with its indentation, -1 at the end of the text. Undefined where a comment is
 * not indented as what follows: then it is a question of its own where the mapping before it ends.
 */
function skipLines(scan: Scan): number | undefined {
  let commented: number | undefined;
  for (;;) {
    const start = scan.at;
    skip(scan, SPACES);
    const indent = scan.at - start;
    if (indent === 0 && scan.text[scan.at] === "\n") scan.at += 1;
    else if (scan.text[scan.at] === "#") {
      if (commented !== undefined && commented !== indent) return undefined;
      commented = indent;
      skip(scan, COMMENT_LINE);
    } else {
      const isEnd = scan.at === scan.text.length;
      if (isEnd && indent > 0) return undefined;
      if (commented !== undefined && commented !== indent) return undefined;
      scan.at = start;
      return isEnd ? -1 : indent;
    }
  }
}

/** A mapping whose keys stand below each other. Its end is the end of its last line. */
function readMapping(
  scan: Scan,
  indent: number,
  depth: number,
  key?: Key,
): LocatedData | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const mapping = createMapping();
  const start = scan.at + indent;
  let end = start;
  let next: number | undefined = indent;
  for (; next === indent; next = skipLines(scan)) {
    scan.at += indent;
    const place = readKey(scan, mapping);
    if (place === undefined) return undefined;
    const isBlock = skip(scan, LINE_END);
    const value = isBlock
      ? readBlock(scan, indent, depth + 1, place)
      : readLine(scan, depth + 1, place);
    if (value === undefined) return undefined;
    addMember(mapping, scan.text.slice(...place), value);
    end = isBlock ? value.span.value[1] : scan.at;
  }
  // What is indented deeper goes on with the value before it.
  if (next === undefined || next > indent) return undefined;
  return { data: mapping.data, span: { value: [start, end], key, members: mapping.members } };
}

/** The lines below a key: deeper than it, or a list that may be as deep. */
function readBlock(scan: Scan, above: number, depth: number, key: Key): LocatedData | undefined {
  const indent = skipLines(scan);
  if (indent === undefined || indent < above) return undefined;
  if (scan.text[scan.at + indent] === "-") return readList(scan, indent, depth, key);
  return indent > above ? readMapping(scan, indent, depth, key) : undefined;
}

/** A list whose entries stand below each other, one a line. */
function readList(scan: Scan, indent: number, depth: number, key: Key): LocatedData | undefined {
  const data: PlainData[] = [];
  const members = new Map<string, Span>();
  const start = scan.at + indent;
  let end = start;
  let next: number | undefined = indent;
  for (; next === indent && scan.text[scan.at + indent] === "-"; next = skipLines(scan)) {
    scan.at += indent + 1;
    const entry = readLine(scan, depth + 1, undefined);
    if (entry === undefined) return undefined;
    members.set(String(data.length), entry.span);
    data.push(entry.data);
    end = scan.at;
  }
  if (next === undefined || next > indent) return undefined;
  return { data, span: { value: [start, end], key, members } };
}

/** A value between at least one space and the end of the line. */
function readLine(scan: Scan, depth: number, key: Key): LocatedData | undefined {
  if (scan.text[scan.at] !== " ") return undefined;
  skip(scan, SPACES);
  const value = readValue(scan, depth, key, PLAIN);
  return value !== undefined && skip(scan, LINE_END) ? value : undefined;
}

function readValue(scan: Scan, depth: number, key: Key, plain: RegExp): LocatedData | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const start = scan.at;
  const first = scan.text[start];
  if (first === "{") return readBraces(scan, depth, key);
  if (first === "[") return readBrackets(scan, depth, key);
  const isQuoted = first === '"' || first === "'";
  const source = take(scan, isQuoted ? QUOTED : plain);
  if (source === undefined) return undefined;
  const data = isQuoted ? source.slice(1, -1) : readPlainScalar(source);
  scan.at += source.length;
  return data === undefined ? undefined : { data, span: { value: [start, scan.at], key } };
}

function readBraces(scan: Scan, depth: number, key: Key): LocatedData | undefined {
  const start = scan.at;
  const mapping = createMapping();
  const readMember = (): boolean => {
    const place = readKey(scan, mapping);
    if (place === undefined || scan.text[scan.at] !== " ") return false;
    skip(scan, SPACES);
    const value = readValue(scan, depth + 1, place, PLAIN_IN_FLOW);
    if (value !== undefined) addMember(mapping, scan.text.slice(...place), value);
    return value !== undefined;
  };
  if (!readEntries(scan, "}", readMember)) return undefined;
  return { data: mapping.data, span: { value: [start, scan.at], key, members: mapping.members } };
}

function readBrackets(scan: Scan, depth: number, key: Key): LocatedData | undefined {
  const start = scan.at;
  const data: PlainData[] = [];
  const members = new Map<string, Span>();
  const readEntry = (): boolean => {
    const entry = readValue(scan, depth + 1, undefined, PLAIN_IN_FLOW);
    if (entry === undefined) return false;
    members.set(String(data.length), entry.span);
    data.push(entry.data);
    return true;
  };
  if (!readEntries(scan, "]", readEntry)) return undefined;
  return { data, span: { value: [start, scan.at], key, members } };
}

/** From the opening bracket to behind the closing one; false when something else stands between. */
function readEntries(scan: Scan, close: string, readEntry: () => boolean): boolean {
  scan.at += 1;
  skip(scan, SPACES);
  if (scan.text[scan.at] === close) {
    scan.at += 1;
    return true;
  }
  while (readEntry()) {
    skip(scan, SPACES);
    const mark = scan.text[scan.at++];
    if (mark === close) return true;
    if (mark !== ",") return false;
    skip(scan, SPACES);
  }
  return false;
}

interface Mapping {
  readonly data: Record<string, PlainData>;
  readonly members: Map<string, Span>;
}

function createMapping(): Mapping {
  return { data: Object.create(null), members: new Map() };
}

/** The place of a key, which is neither there already nor reserved; `scan` is behind its colon then. */
function readKey(scan: Scan, { members }: Mapping): readonly [number, number] | undefined {
  const name = take(scan, KEY);
  if (name === undefined || members.has(name) || RESERVED_KEYS.has(name)) return undefined;
  const start = scan.at;
  scan.at += name.length + 1;
  return [start, start + name.length];
}

function addMember({ data, members }: Mapping, name: string, { data: value, span }: LocatedData) {
  data[name] = value;
  members.set(name, span);
}
