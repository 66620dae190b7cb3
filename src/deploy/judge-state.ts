import { existsSync, readFileSync } from "node:fs";
import { sha256 } from "../util/sha256.ts";
import { opentofuStateFile } from "./opentofu/opentofu-folders.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { checkpointFile, type StackPlace } from "./stack-place.ts";

/** What the log says of a stack's state: a run began to change it, or left it with this digest. */
export type StateNote =
  | { readonly phase: "opened" }
  | { readonly phase: "sealed"; readonly digest: string };

/**
 * - `fresh`: nothing is in it, and nothing was ever noted
 * - `sealed`: the state that the last run left
 * - `open`: the run that was changing it died, so its digest isn't known; only its code can be checked
 * - `changed`: somebody else wrote it, put an older one back or removed it
 */
export type StateVerdict = "fresh" | "sealed" | "open" | "changed";

/** Digest of a stack that has no state. */
const ABSENT = sha256("");

/**
 * Digest of the stack's state as it lies on disk; an engine replaces the file as a whole. A stack that was moved from one engine to another
 * has two, and both count.
 */
export function digestState(place: StackPlace): string {
  const opentofu = digestFile(opentofuStateFile(place));
  const pulumi = digestFile(checkpointFile(place));
  if (opentofu === ABSENT) return pulumi;
  return pulumi === ABSENT ? opentofu : sha256(`${pulumi} ${opentofu}`);
}

function digestFile(path: string): string {
  try {
    return sha256(readFileSync(path));
  } catch {
    return ABSENT;
  }
}

/** Compares a stack's state with what the log noted last. The log's order is the state's serial number: an older state has an older digest. */
export function judgeState(place: StackPlace, last: StateNote | undefined): StateVerdict {
  if (last?.phase === "opened") return "open";
  if (last !== undefined) return last.digest === digestState(place) ? "sealed" : "changed";
  // It is encrypted, so that whether it is empty cannot be told here.
  if (existsSync(opentofuStateFile(place))) return "changed";
  const checkpoint = readCheckpoint(place);
  if (checkpoint === "absent") return "fresh";
  const isEmpty =
    checkpoint !== "unreadable" &&
    checkpoint.pending.length === 0 &&
    checkpoint.resources.every(({ type }) => type === "pulumi:pulumi:Stack");
  return isEmpty ? "fresh" : "changed";
}
