import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Something about the log that cannot be. */
export interface LogFinding {
  /** The entry's place, or undefined for the log as a whole. */
  readonly sequence?: number | undefined;
  readonly code:
    | "not_json"
    | "not_canonical"
    | "wrong_sequence"
    | "wrong_previous"
    | "time_backwards"
    | "wrong_leaf"
    | "copies_differ"
    | "file_short"
    | "table_short"
    | "cut_line";
}

export interface LogReport {
  readonly ok: boolean;
  readonly size: number;
  /** RFC 6962 Merkle tree head over the file's entries, hexadecimal. */
  readonly root: string;
  readonly findings: readonly LogFinding[];
}

/**
 * Derives the log anew from the raw bytes of both copies (file and table) and compares. Shares no code with the writer. The file may lack the table's newest
 * entries only while a broker is running, or after a crash until the next one starts: that is the finding `file_short`.
 */
export function verifyLog(home: string): LogReport {
  const findings: LogFinding[] = [];
  const path = `${home}/log/events.jsonl`;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.split("\n");
  if (lines.pop() !== "") findings.push({ code: "cut_line" });

  const leaves = lines.map((line) => digest([0], Buffer.from(line, "utf8")));
  lines.forEach((line, sequence) => {
    const before = sequence === 0 ? "0".repeat(64) : leaves[sequence - 1]?.toString("hex");
    checkEntry(line, lines[sequence - 1], sequence, before, findings);
  });
  compareTable(home, lines, leaves, findings);
  return {
    ok: findings.length === 0,
    size: lines.length,
    root: head(leaves).toString("hex"),
    findings,
  };
}

function checkEntry(
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

function compareTable(
  home: string,
  lines: readonly string[],
  leaves: readonly Buffer[],
  findings: LogFinding[],
): void {
  const path = `${home}/ledger.sqlite`;
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

/** RFC 6962 section 2.1: the tree is split at the largest power of two below its size. */
function head(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return digest();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return digest([1], head(leaves.slice(0, split)), head(leaves.slice(split)));
}

function digest(...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(Uint8Array.from(part));
  return hash.digest();
}
