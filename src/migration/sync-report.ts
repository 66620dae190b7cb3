/** What one pass of copying did. */
export interface SyncReport {
  /** Rows, objects or keys at the source. */
  readonly items: number;
  /** Those that differed at the target and were written or removed there. */
  readonly changed: number;
}

/** What one comparison of both sides found. */
export interface Comparison {
  /** Rows, objects or keys that were compared. */
  readonly items: number;
  /** One mark for each that is not the same: what it is and how it is at the source. A mark that comes again after a pass of copying is no write that happened meanwhile. */
  readonly differing: ReadonlySet<string>;
}
