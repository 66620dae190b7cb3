import { CATALOGUE, type DiagnosticCode } from "./catalogue.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";

const LEVELS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/**
 * Prints diagnostics as a SARIF 2.1.0 log (OASIS standard, sections 3.13 to 3.30) with one run and the rules that occur in it. Files
 * become relative URI references.
 */
export function renderSarif(diagnostics: readonly Diagnostic[], version: string): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "supercargo", version, rules: codes.map(describeRule) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => describeResult(diagnostic, codes)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describeRule(code: DiagnosticCode): object {
  const { title, severity } = CATALOGUE[code];
  return {
    id: code,
    shortDescription: { text: title },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function describeResult(diagnostic: Diagnostic, codes: readonly DiagnosticCode[]): object {
  const { code, severity, message, remedy, file, path, range } = diagnostic;
  const { start, end } = range;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: remedy === undefined ? message : `${message}; ${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUriReference(file) },
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
          },
        },
        ...(path === "" ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
      },
    ],
  };
}

/** A colon in the first segment would be read as a scheme (RFC 3986 section 4.2). */
function toUriReference(file: string): string {
  const path = file
    .toWellFormed()
    .replaceAll("\\", "/")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
  return path;
}
