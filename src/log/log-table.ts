import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { hashLeaf } from "./append/hash-tree.ts";
import type { LogEvent } from "./event.ts";

/** The newest entry of a log. */
export interface LogTail {
  readonly sequence: number;
  readonly leaf: string;
}

/** An entry as the ledger's table keeps it. */
export interface LogRow extends LogTail {
  readonly entry: string;
}

const BEFORE_FIRST = "0".repeat(64);

/**
 * Puts an event in its place after the newest entry. Callers MUST write the row in the transaction of the act that the event is about: one atomic append.
 * Entries are canonical JSON; their leaf hashes are those of RFC 6962, so that Merkle tiles can follow.
 */
export function chainEvent(tail: LogTail | undefined, event: LogEvent, at: number): LogRow {
  const sequence = tail === undefined ? 0 : tail.sequence + 1;
  const entry = canonicalJson({
    ...withoutUndefined(event),
    sequence,
    previous: tail?.leaf ?? BEFORE_FIRST,
    at: new Date(at).toISOString(),
  });
  return { sequence, entry, leaf: hashLeaf(entry).toString("hex") };
}

function withoutUndefined(value: object): { [name: string]: Json } {
  const rest: { [name: string]: Json } = {};
  for (const [name, member] of Object.entries(value))
    if (member !== undefined)
      rest[name] = typeof member === "object" ? withoutUndefined(member) : (member as Json);
  return rest;
}
