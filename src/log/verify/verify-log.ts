import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CheckpointReport, checkCheckpoint, type LogTrust } from "./check-checkpoint.ts";
import { checkEntry, compareTable } from "./check-entries.ts";
import { checkTiles } from "./check-tiles.ts";
import type { LogFinding } from "./log-finding.ts";
import { computeRoot, hashEntry } from "./merkle-proof.ts";

export interface LogReport {
  readonly ok: boolean;
  /** Entries in the log's file. */
  readonly size: number;
  /** Entries that no checkpoint stands for yet: those after the last act, while a broker is running or after it was killed. */
  readonly unsealed: number;
  /** RFC 6962 Merkle tree head over the file's entries, hexadecimal. */
  readonly root: string;
  readonly checkpoint: CheckpointReport | undefined;
  readonly findings: readonly LogFinding[];
}

/**
 * {@link verifyLogFolder} for a home, beside the ledger. The log's file may lack the ledger's newest entries only while a broker is running, or after a crash until
 * the next one starts: that is the finding `file_short`.
 */
export function verifyLog(home: string, trust: LogTrust = {}): LogReport {
  return verifyLogFolder(join(home, "log"), trust, join(home, "ledger.sqlite"));
}

/**
 * Derives a log anew from the raw bytes of its plain files, and compares: lines, tiles, bundles, checkpoint, and the ledger's own copy where one is named. Shares no
 * code with the writer. What all copies agree on can still have been rewritten by whoever holds the log's key: `trust` says what is known from outside.
 */
export function verifyLogFolder(
  folder: string,
  trust: LogTrust = {},
  ledger?: string | undefined,
): LogReport {
  const findings: LogFinding[] = [];
  const path = join(folder, "events.jsonl");
  const text = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const lines = splitLines(text);
  if (text.length > 0 && text.at(-1) !== 10) findings.push({ code: "cut_line" });

  const leaves = lines.map((line) => Buffer.from(hashEntry(line)));
  const texts = lines.map((line) => line.toString("utf8"));
  texts.forEach((line, sequence) => {
    const before = sequence === 0 ? "0".repeat(64) : leaves[sequence - 1]?.toString("hex");
    checkEntry(line, texts[sequence - 1], sequence, before, findings);
  });
  if (ledger !== undefined) compareTable(ledger, texts, leaves, findings);
  const checkpoint = checkCheckpoint(folder, leaves, trust, findings);
  const sealed = Math.min(checkpoint?.size ?? 0, lines.length);
  checkTiles(folder, lines, leaves, sealed, findings);
  return {
    ok: findings.length === 0,
    size: lines.length,
    unsealed: lines.length - sealed,
    root: Buffer.from(computeRoot(leaves)).toString("hex"),
    checkpoint,
    findings,
  };
}

/** Whole lines, without their ends. */
function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
