import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a migration does, in order. */
export const PHASES = ["create", "copy", "verify", "switch", "retire"] as const;
export type Phase = (typeof PHASES)[number];

/** How far a migration of one stack has come; every phase may be begun again. */
export interface Journal {
  readonly format: 1;
  readonly from: string;
  readonly to: string;
  /** The phase that was begun last, or `done`. */
  readonly phase: Phase | "done";
  /** The names are no longer answered at the old place; from here there is only forward. */
  readonly namesLeft: boolean;
  /** By resource: what was compared last, rows, objects or keys. */
  readonly checked: Readonly<Record<string, number>>;
}

/** Undefined when no migration was begun. Throws for a file that is none of ours: what it stood for cannot be guessed. */
export function readJournal(home: string, stack: string): Journal | undefined {
  const file = journalFile(home, stack);
  if (!existsSync(file)) return undefined;
  const journal = JSON.parse(readFileSync(file, "utf8")) as Journal;
  if (journal.format !== 1) throw new Error(`${file} is of another version`);
  return journal;
}

/** Replaces the file as a whole, so that a kill leaves the old one or the new one. */
export function writeJournal(home: string, stack: string, journal: Journal): void {
  const file = journalFile(home, stack);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(journal, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

function journalFile(home: string, stack: string): string {
  return join(home, "migrations", `${stack}.json`);
}
