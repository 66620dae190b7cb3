import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogFinding } from "./log-finding.ts";
import { computeRoot, isEqual } from "./merkle-proof.ts";
import { checkSignature, parseNote, parseTreeHead, parseVerifierKey } from "./signed-note.ts";

/** What is known of a log from outside its folder. */
export interface LogTrust {
  /** The log's verifier key; absent: the one in the folder is believed. */
  readonly logKey?: string | undefined;
  /** Verifier key of the witness that must have cosigned; absent: cosignatures are not looked at. */
  readonly witnessKey?: string | undefined;
  /** The newest tree that the witness has cosigned, `root` in hexadecimal where it is known. */
  readonly seen?: { readonly size: number; readonly root?: string | undefined } | undefined;
}

/** What a checkpoint stands for. */
export interface CheckpointReport {
  readonly origin: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
  /** The witness that was asked for and has cosigned; its time is RFC 3339. */
  readonly witness?: { readonly name: string; readonly at: string } | undefined;
}

/** Holds the checkpoint of a log's folder against its entries' leaf hashes. */
export function checkCheckpoint(
  folder: string,
  leaves: readonly Uint8Array[],
  trust: LogTrust,
  findings: LogFinding[],
): CheckpointReport | undefined {
  const rootAt = (size: number): Buffer => Buffer.from(computeRoot(leaves.slice(0, size)));
  const { seen } = trust;
  if (seen !== undefined && seen.size > leaves.length) findings.push({ code: "witness_ahead" });
  else if (
    seen?.root !== undefined &&
    seen.size > 0 &&
    rootAt(seen.size).toString("hex") !== seen.root
  )
    findings.push({ code: "witness_differs" });

  const text = read(folder, "checkpoint");
  if (text === undefined) {
    if (leaves.length > 0) findings.push({ code: "no_checkpoint" });
    return undefined;
  }
  const keyText = /^(\S+)\n$/.exec(read(folder, "verifier-key") ?? "")?.[1];
  if (trust.logKey !== undefined && keyText !== trust.logKey) findings.push({ code: "other_key" });
  const key = parseVerifierKey(trust.logKey ?? keyText ?? "");
  if (key?.kind !== "log") {
    findings.push({ code: "no_key" });
    return undefined;
  }
  const note = parseNote(text);
  const head = note === undefined ? undefined : parseTreeHead(note);
  if (note === undefined || head?.origin !== key.name) {
    findings.push({ code: "bad_checkpoint" });
    return undefined;
  }
  if (checkSignature(note, key).kind !== "good") findings.push({ code: "bad_signature" });
  if (head.size > leaves.length) findings.push({ code: "log_short" });
  else if (!isEqual(rootAt(head.size), head.root)) findings.push({ code: "wrong_root" });
  const { origin, size } = head;
  const report = { origin, size, root: Buffer.from(head.root).toString("hex") };
  if (trust.witnessKey === undefined) return report;
  const witness = parseVerifierKey(trust.witnessKey);
  const cosigned = witness?.kind === "witness" ? checkSignature(note, witness) : undefined;
  if (witness === undefined || cosigned?.kind !== "good") {
    findings.push({ code: "not_witnessed" });
    return report;
  }
  const at = new Date(cosigned.at ?? 0).toISOString();
  return { ...report, witness: { name: witness.name, at } };
}

function read(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    return undefined;
  }
}
