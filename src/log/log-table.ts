import type { DatabaseSync } from "node:sqlite";
import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { hashLeaf } from "./append/hash-tree.ts";
import type { LogEvent } from "./event.ts";

/** Creates the table, where entries can be added but neither changed nor deleted. */
export const LOG_SCHEMA = `
CREATE TABLE log (
  sequence INTEGER PRIMARY KEY,
  entry TEXT NOT NULL,
  leaf TEXT NOT NULL
) STRICT;
CREATE TRIGGER log_unchanging BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_undeletable BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`;

/** Where events are added. Callers MUST call it inside the transaction of the act that the event is about: one atomic append. */
export interface EventLog {
  append(event: LogEvent, at: number): void;
  /** Entries as they were written, from a sequence on, oldest first. */
  entries(from: number): readonly string[];
}

const BEFORE_FIRST = "0".repeat(64);

/** The log as a table of the ledger's database. Entries are canonical JSON; their leaf hashes are those of RFC 6962. */
export function openLogTable(database: DatabaseSync): EventLog {
  const last = database.prepare("SELECT sequence, leaf FROM log ORDER BY sequence DESC LIMIT 1");
  const insert = database.prepare("INSERT INTO log (sequence, entry, leaf) VALUES (?, ?, ?)");
  const rows = database.prepare("SELECT entry FROM log WHERE sequence >= ? ORDER BY sequence");
  return {
    entries: (from) => rows.all(from).map(({ entry }) => String(entry)),
    append(event, at) {
      const tail = last.get() as { sequence: number; leaf: string } | undefined;
      const sequence = tail === undefined ? 0 : tail.sequence + 1;
      const entry = canonicalJson({
        ...withoutUndefined(event),
        sequence,
        previous: tail?.leaf ?? BEFORE_FIRST,
        at: new Date(at).toISOString(),
      });
      insert.run(sequence, entry, hashLeaf(entry).toString("hex"));
    },
  };
}

function withoutUndefined(value: object): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [
        name,
        typeof member === "object" ? withoutUndefined(member as object) : (member as Json),
      ]),
  );
}
