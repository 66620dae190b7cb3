import { Composer, CST, type Document, Lexer, Parser } from "yaml";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { SourceLocation } from "../../diagnostics/diagnostic.ts";

/** How many mappings and lists may stand in each other. */
export const DEPTH_MAX = 32;

/** The place of a stretch of the text. */
export type Place = (start: number, end: number) => SourceLocation;

/**
 * Text to a YAML document of mappings, lists and texts. Depth, anchors, aliases, tags, directives and a second document are refused
 * while the text is being parsed, before nodes are built. Undefined, with errors reported, when there is no sound document.
 */
export function composeYaml(text: string, at: Place, sink: BoundedSink): Document | undefined {
  const tokens = parseTokens(text, at, sink);
  if (tokens === undefined) return undefined;
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, strict: true });
  const [document] = withoutStacks(() => [...composer.compose(tokens, true, text.length)]);
  if (document === undefined) return undefined;
  const problems = [...document.errors, ...document.warnings];
  for (const { code, pos } of problems)
    sink.fail(() => createDiagnostic("SC1005", { problem: PROBLEMS[code] }, at(...pos)));
  return problems.length > 0 ? undefined : document;
}

function parseTokens(text: string, at: Place, sink: BoundedSink): CST.Token[] | undefined {
  const before = sink.errors;
  const parser = new Parser();
  const { SCALAR, tokenType } = CST;
  const tokens: CST.Token[] = [];
  let documents = 0;
  const take = (found: Iterable<CST.Token>): void => {
    for (const token of found) {
      tokens.push(token);
      if (token.type === "document" && ++documents > 1) reportSecond(token.offset, at, sink);
      if (token.type === "error") reportUnexpected(token, at, sink);
    }
  };
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    const end = start + lexeme.length;
    const code = isScalar ? undefined : REFUSED[tokenType(lexeme) ?? "scalar"];
    if (code !== undefined)
      sink.fail(() => createDiagnostic(code, { text: lexeme }, at(start, end)));
    isScalar = lexeme === SCALAR;
    take(parser.next(lexeme));
    if (parser.stack.length > DEPTH_MAX && depthOf(parser) > DEPTH_MAX) {
      sink.fail(() => createDiagnostic("SC1006", { limit: DEPTH_MAX }, at(start, end)));
      return undefined;
    }
    if (sink.full || documents > 1) return undefined;
  }
  take(parser.end());
  return sink.errors > before ? undefined : tokens;
}

function reportSecond(offset: number, at: Place, sink: BoundedSink): void {
  sink.fail(() => createDiagnostic("SC1009", { marker: "---" }, at(offset, offset)));
}

function reportUnexpected(token: CST.ErrorToken, at: Place, sink: BoundedSink): void {
  const { offset, source } = token;
  sink.fail(() =>
    createDiagnostic(
      "SC1005",
      { problem: PROBLEMS.UNEXPECTED_TOKEN },
      at(offset, offset + source.length),
    ),
  );
}

/** The library makes an Error for each of its findings; a million stack traces would take seconds and nobody reads them. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function depthOf(parser: Parser): number {
  return parser.stack.filter((token) => CST.isCollection(token)).length;
}

/** What is refused as soon as it is seen, by the type of its token. */
const REFUSED: Readonly<Partial<Record<CST.TokenType, "SC1007" | "SC1008" | "SC1010">>> = {
  alias: "SC1007",
  anchor: "SC1007",
  tag: "SC1008",
  "directive-line": "SC1010",
};

const PROBLEMS: Readonly<Record<Document["errors"][number]["code"], string>> = {
  ALIAS_PROPS: "an alias cannot have properties",
  BAD_ALIAS: "an alias or anchor is malformed",
  BAD_COLLECTION_TYPE: "the tag does not fit the value",
  BAD_DIRECTIVE: "the directive is malformed",
  BAD_DQ_ESCAPE: "the escape after the backslash is not one of YAML's",
  BAD_INDENT: "the indentation does not fit the lines around it",
  BAD_PROP_ORDER: "properties stand in the wrong order",
  BAD_SCALAR_START: "a plain value cannot start with this character, put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a nested mapping or list cannot stand on the line of its key",
  BLOCK_IN_FLOW: "inside brackets or braces an indented mapping or list is not possible",
  DUPLICATE_KEY: "the key is there twice",
  IMPOSSIBLE: "the text fits no rule of YAML",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR: "a comma, colon, quote, bracket or space is missing",
  MULTILINE_IMPLICIT_KEY: "a key must stand on one line",
  MULTIPLE_ANCHORS: "a value has several anchors",
  MULTIPLE_DOCS: "there is a second document",
  MULTIPLE_TAGS: "a value has several tags",
  NON_STRING_KEY: "a key must be text",
  RESOURCE_EXHAUSTION: "the text is too deeply nested",
  TAB_AS_INDENT: "a tab cannot be used for indentation",
  TAG_RESOLVE_FAILED: "the value does not fit its tag",
  UNEXPECTED_TOKEN: "this is not expected here",
};
