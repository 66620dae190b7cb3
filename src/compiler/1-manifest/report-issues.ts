import type { z } from "zod";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import { GRAMMAR_CODES, type GrammarCode } from "./grammar.ts";
import { knownKeys, valueAt } from "./known-keys.ts";
import type { PlainData } from "./plain-data.ts";
import { type DataPath, type Locator, printPath } from "./spans.ts";

type Issue = z.core.$ZodIssue;

/** Where the issues came from. */
export interface Checked {
  readonly schema: z.ZodType;
  readonly data: PlainData;
  readonly locator: Locator;
}

/** Turns what the schema found into diagnostics: unknown, missing and bad keys at the key, everything else at the value. */
export function reportIssues(issues: readonly Issue[], checked: Checked, sink: BoundedSink): void {
  for (const [i, issue] of issues.entries()) {
    if (isRepeat(issue, issues[i - 1])) continue;
    if (issue.code === "unrecognized_keys")
      for (const key of issue.keys) sink.fail(() => describeUnknownKey(issue.path, key, checked));
    else sink.fail(() => describe(issue, checked));
  }
}

/** A value that fails two rules of one grammar is reported once. */
function isRepeat(issue: Issue, before: Issue | undefined): boolean {
  return (
    before !== undefined &&
    issue.message === before.message &&
    printPath(issue.path) === printPath(before.path)
  );
}

function describe(issue: Issue, { data, locator }: Checked): Diagnostic {
  const value = valueAt(data, issue.path);
  const allowed = choicesOf(issue);
  if (value === undefined) {
    const key = String(issue.path.at(-1) ?? "");
    return createDiagnostic("SC2002", { key, allowed }, locator.key(issue.path));
  }
  const at = locator.value(issue.path);
  if (issue.code === "invalid_key") {
    const code = toGrammarCode(issue.issues[0]?.message) ?? "SC2019";
    const key = String(issue.path.at(-1));
    return createDiagnostic(code, { value: key }, locator.key(issue.path));
  }
  const code = toGrammarCode(issue.message);
  if (code !== undefined) return createDiagnostic(code, { value: String(value) }, at);
  if (allowed !== undefined && typeof value === "string")
    return createDiagnostic(
      "SC2004",
      { value, allowed, suggestion: didYouMean(value, allowed) },
      at,
    );
  if (issue.code === "too_small" || issue.code === "too_big") {
    const [bound, limit] =
      issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
    const unit = LENGTH_UNITS[issue.origin]?.[Number(limit) === 1 ? 0 : 1];
    return unit === undefined
      ? createDiagnostic("SC2005", { bound, limit: Number(limit) }, at)
      : createDiagnostic("SC2006", { bound, limit: Number(limit), unit }, at);
  }
  return createDiagnostic("SC2003", describeTypes(expectedOf(issue), value), at);
}

const LENGTH_UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

function describeUnknownKey(path: DataPath, key: string, checked: Checked): Diagnostic {
  const known = knownKeys(checked.schema, path, checked.data);
  return createDiagnostic(
    "SC2001",
    { key, known, suggestion: didYouMean(key, known) },
    checked.locator.key([...path, key]),
  );
}

function toGrammarCode(message: string | undefined): GrammarCode | undefined {
  return GRAMMAR_CODES.find((code) => code === message);
}

function choicesOf(issue: Issue): readonly string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union" && "options" in issue) return issue.options?.map(String);
  return undefined;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function expectedOf(issue: Issue): string {
  if (issue.code === "invalid_type") return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (choicesOf(issue) !== undefined) return "text";
  return "text, a number, true or false";
}

function describeTypes(
  expected: string,
  value: PlainData,
): { expected: string; actual: string; advice: string | undefined } {
  const isSimple = typeof value === "number" || typeof value === "boolean";
  const actual =
    value === null
      ? "nothing"
      : isSimple
        ? `the ${typeof value === "number" ? "number" : "truth value"} ${value}`
        : Array.isArray(value)
          ? "a list"
          : typeof value === "object"
            ? "a mapping"
            : "text";
  const advice =
    expected === "text" && isSimple
      ? `write it in quotes: "${value}"`
      : expected === "a mapping" && value === null
        ? "write {} for an empty mapping"
        : expected === "a list" && value !== null && typeof value !== "object"
          ? "put it in brackets, even if it is the only one"
          : undefined;
  return { expected, actual, advice };
}
