import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a migration does, in order. */
export const PHASES = ["create", "copy", "verify", "switch", "retire"] as const;
export type Phase = (typeof PHASES)[number];

/** Data of a manifest resource that is carried over, and the app through whose binding it is written. */
export interface DataToMove {
  readonly resource: string;
  readonly kind: "database" | "bucket" | "kv";
  readonly app: string;
  readonly variable: string;
}

/** What a move of resources consists of. */
export interface MoveContent {
  readonly data: readonly DataToMove[];
  /** Queues whose messages an app receives. */
  readonly queues: readonly string[];
  readonly unconsumed: readonly string[];
  readonly apps: readonly string[];
  readonly webs: readonly string[];
}

/** How far a migration of one stack has come; every phase may be begun again. */
export interface Journal {
  readonly format: 2;
  readonly project: string;
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** The phase that was begun last, or `done`. */
  readonly phase: Phase | "done";
  /** The names are no longer answered at the old place; from here there is only forward. */
  readonly namesLeft: boolean;
  /**
   * Everything was carried over and found equal, and the apps of the new place were told to start: from here what is written is written there, and nothing of
   * the old place is carried over any more.
   */
  readonly started: boolean;
  /** What moves, as it was when {@link Journal.phase} `create` was begun last: what the manifest has gained or lost since was not carried over. */
  readonly content: MoveContent;
  /** By resource: what was compared last, rows, objects or keys. */
  readonly checked: Readonly<Record<string, number>>;
}

/** The stack of a project that a journal is about. */
export type JournalPlace = Pick<Journal, "project" | "stack">;

/** Undefined when no migration was begun. Throws for a file that is none of ours: what it stood for cannot be guessed. */
export function readJournal(home: string, place: JournalPlace): Journal | undefined {
  const file = journalFile(home, place);
  if (!existsSync(file)) return undefined;
  const journal = JSON.parse(readFileSync(file, "utf8")) as Journal;
  if (journal.format !== 2) throw new Error(`${file} is of another version`);
  if (journal.project !== place.project || journal.stack !== place.stack)
    throw new Error(`${file} is about another stack`);
  return journal;
}

/** Replaces the file as a whole, so that a kill leaves the old one or the new one. */
export function writeJournal(home: string, journal: Journal): void {
  const file = journalFile(home, journal);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(journal, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

/** Projects share a home where a command names them from one folder. */
function journalFile(home: string, { project, stack }: JournalPlace): string {
  return join(home, "migrations", project, `${stack}.json`);
}
