/** Something at a vendor did not answer as it should. The code holds no text of the vendor's. */
export class SourceError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the vendor that is left did not answer as it should: ${code}`);
    this.code = code;
  }
}

/** An object of a bucket or a value of a key-value store. */
export interface SourceItem {
  readonly bytes: Uint8Array;
  /** What else is kept with it: the content type of an object; metadata and expiry of a key. JSON. */
  readonly meta: string;
  /** SHA-256 of the bytes in hexadecimal, a blank, and the JSON of what both sides of a move know of it. */
  readonly digest: string;
}

export interface SourceItems {
  /** `version` changes whenever the item does; where there is none, each item is read each time. */
  list(): Promise<readonly { readonly key: string; readonly version?: string | undefined }[]>;
  /** Undefined when it went since it was listed. */
  read(key: string): Promise<SourceItem | undefined>;
}

/** What a migration asks of the vendor that a stack leaves. Resources go by their names there. Everything may be repeated. @throws SourceError */
export interface MigrationSource {
  /** A SQLite database that answers one statement. */
  database(name: string): Promise<{
    query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  }>;
  bucket(name: string): Promise<SourceItems>;
  store(name: string): Promise<SourceItems>;
  /** Lets a queue's messages be delivered at once. */
  hurryQueue(name: string): Promise<void>;
  /** Messages of a queue that are not handled yet. */
  backlog(name: string): Promise<number>;
  /** Ends what calls apps: their host names, in the zones too, and their schedules. What is under way ends by itself. */
  quiet(apps: readonly string[], zones: readonly string[]): Promise<void>;
}
