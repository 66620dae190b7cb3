import type { Changes, ColumnType, Row, Value } from "./tables.ts";

/** The ledger's own row. */
export interface LedgerFacts {
  /** Given when the ledger was made; never changes. */
  readonly id: string;
  /** Commits so far. */
  readonly serial: number;
  /** The newest time that a commit had, milliseconds since 1970. */
  readonly time: number;
  /** The newest writer's number. */
  readonly epoch: number;
}

/** Reads rows; `?` stands for a parameter, `columns` says what the query answers with. */
export type Select = (
  sql: string,
  columns: Readonly<Record<string, ColumnType>>,
  parameters?: readonly Value[],
) => Promise<readonly Row[]>;

/** What differs between SQLite and PostgreSQL: transactions and types. Everything else of the ledger is written once, above it. */
export interface LedgerStore {
  /** The number that this writer got when it opened the store; a reader has the one that it found. */
  readonly epoch: number;
  /** One consistent reading. */
  read<T>(work: (select: Select, facts: LedgerFacts) => Promise<T>): Promise<T>;
  /**
   * Writes all rows in one transaction that is durable when the promise resolves, and makes `serial` one more. Throws and changes nothing:
   * {@link StaleWriterError} when another writer opened the ledger, {@link LedgerRolledBackError} when `serial` is not the store's own,
   * {@link LedgerStorageError} for everything else; after that one it may have been written all the same.
   */
  commit(serial: number, time: number, changes: Changes): Promise<void>;
  close(): Promise<void>;
}

/** Why a store was not opened: a program of another version wrote it. */
export type StoreMismatch = "newer" | "older";

/** The ledger was written by another version of this program, whose tables differ: what it says of money can't be read, and isn't nothing. */
export class LedgerVersionError extends Error {
  override readonly name = "LedgerVersionError";
  readonly mismatch: StoreMismatch;
  constructor(mismatch: StoreMismatch) {
    super(`the ledger is ${mismatch}`);
    this.mismatch = mismatch;
  }
}

/** Another process opened the ledger after this one did. */
export class StaleWriterError extends Error {
  override readonly name = "StaleWriterError";
}

/** The store is older than what was seen of it before: it was put back, and its holds with it. */
export class LedgerRolledBackError extends Error {
  override readonly name = "LedgerRolledBackError";
}

/** The storage failed. The cause may hold addresses and is for no answer. */
export class LedgerStorageError extends Error {
  override readonly name = "LedgerStorageError";
}
