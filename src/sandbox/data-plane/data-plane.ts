import type { ScriptInspection } from "./inspect-script.ts";
import type { PlanePlan, PlaneWorker } from "./plan.ts";
import type { OutgoingMessage } from "./queue-broker.ts";

/** One statement and its parameters. */
export interface SqlStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** What a statement gave: rows as objects, or columns and rows in order, and D1's own figures. */
export interface SqlResult {
  readonly success: boolean;
  readonly results:
    | readonly Readonly<Record<string, unknown>>[]
    | { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] };
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Outcome of SQL: bad SQL is an answer, not an exception. */
export type SqlOutcome =
  | { readonly ok: true; readonly results: readonly SqlResult[] }
  | { readonly ok: false; readonly message: string };

/** One object of a bucket, without its bytes. */
export interface BucketObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** RFC 3339. */
  readonly uploaded: string;
  readonly contentType?: string | undefined;
}

/** One key of a namespace. */
export interface NamespaceKey {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly expiration?: number | undefined;
  readonly metadata?: unknown;
}

/** Outcome of calling a Worker's `scheduled` handler. */
export type ScheduledOutcome =
  | { readonly ok: true; readonly outcome: string }
  | { readonly ok: false; readonly message: string };

/** Runs what is deployed: workerd with its storage, queues and schedules, and the port at which apps answer. */
export interface DataPlane {
  /** Port on 127.0.0.1 at which deployed apps answer, by Host. */
  readonly appPort: number;
  /** Puts a plan into force. Code and bindings change within a moment; hosts, routes, queues and schedules at once. */
  apply(plan: PlanePlan): void;
  /** Tries a Worker out, apart from everything deployed. */
  inspect(worker: PlaneWorker): Promise<ScriptInspection>;
  /** The newest compatibility date that the installed workerd supports. */
  newestCompatibilityDate(): Promise<string>;
  /** Runs statements in one D1 database, all or none. */
  runSql(database: string, statements: readonly SqlStatement[], raw: boolean): Promise<SqlOutcome>;
  readonly buckets: {
    list(
      bucket: string,
      options: { prefix?: string | undefined; cursor?: string | undefined; limit: number },
    ): Promise<{
      readonly objects: readonly BucketObject[];
      /** Present when there are more. */
      readonly cursor?: string | undefined;
    }>;
    get(
      bucket: string,
      key: string,
    ): Promise<(BucketObject & { readonly bytes: Uint8Array }) | undefined>;
    put(
      bucket: string,
      key: string,
      bytes: Uint8Array,
      contentType: string | undefined,
    ): Promise<BucketObject>;
    delete(bucket: string, key: string): Promise<void>;
  };
  readonly namespaces: {
    list(
      namespace: string,
      options: { prefix?: string | undefined; cursor?: string | undefined; limit: number },
    ): Promise<{
      readonly keys: readonly NamespaceKey[];
      readonly cursor?: string | undefined;
    }>;
    get(
      namespace: string,
      key: string,
    ): Promise<{ readonly bytes: Uint8Array; readonly metadata: unknown } | undefined>;
    /** `expiration` in seconds since the epoch. */
    put(
      namespace: string,
      key: string,
      bytes: Uint8Array,
      options: { expiration?: number | undefined; metadata?: unknown },
    ): Promise<void>;
    delete(namespace: string, key: string): Promise<void>;
  };
  /** The error's text when the queue refuses. */
  sendToQueue(queue: string, messages: readonly OutgoingMessage[]): string | undefined;
  backlog(queue: string): { readonly backlogCount: number; readonly backlogBytes: number };
  /** Forgets a deleted queue's messages. */
  purgeQueue(queue: string): void;
  /** Calls a Worker's `scheduled` handler now; `cron` defaults to its first schedule. `worker` is an id, or a script's name where only one account has it. */
  runScheduled(worker: string, cron?: string): Promise<ScheduledOutcome>;
  /** Stops workerd and the app port. */
  close(): Promise<void>;
}
