import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { LogFinding } from "./log-finding.ts";

/** Holds one entry against its place and the entry before. `before` is the leaf hash that it must name. */
export function checkEntry(
  line: string,
  earlier: string | undefined,
  sequence: number,
  before: string | undefined,
  findings: LogFinding[],
): void {
  const entry = parse(line);
  if (entry === undefined) {
    findings.push({ sequence, code: "not_json" });
    return;
  }
  if (!isSorted(entry) || JSON.stringify(entry) !== line)
    findings.push({ sequence, code: "not_canonical" });
  if (entry.sequence !== sequence) findings.push({ sequence, code: "wrong_sequence" });
  if (entry.previous !== before) findings.push({ sequence, code: "wrong_previous" });
  const past = earlier === undefined ? undefined : parse(earlier);
  const time = Date.parse(String(entry.at));
  if (Number.isNaN(time) || (past !== undefined && time < Date.parse(String(past.at))))
    findings.push({ sequence, code: "time_backwards" });
}

/** Holds the ledger's own copy against the file's lines and their hashes. */
export function compareTable(
  path: string,
  lines: readonly string[],
  leaves: readonly Buffer[],
  findings: LogFinding[],
): void {
  if (!existsSync(path)) {
    if (lines.length > 0) findings.push({ code: "table_short" });
    return;
  }
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare("SELECT sequence, entry, leaf FROM log ORDER BY sequence").all();
    if (rows.length < lines.length) findings.push({ code: "table_short" });
    if (rows.length > lines.length) findings.push({ code: "file_short" });
    rows.slice(0, lines.length).forEach((row, sequence) => {
      if (row.entry !== lines[sequence] || row.sequence !== sequence)
        findings.push({ sequence, code: "copies_differ" });
      if (row.leaf !== leaves[sequence]?.toString("hex"))
        findings.push({ sequence, code: "wrong_leaf" });
    });
  } finally {
    database.close();
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isSorted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const inOrder = names.every((name, i) => i === 0 || (names[i - 1] ?? "") < name);
  return inOrder && Object.values(value).every(isSorted);
}
