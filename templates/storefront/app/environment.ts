/** What the manifest binds: `bind`, `env` and `consumes` of the resource `shop`. Only what this app uses is declared. */
export interface Environment {
  readonly DB: Database;
  readonly MEDIA: Bucket;
  readonly RECEIPTS: Queue;
  readonly SESSION_KEY: string;
  readonly SHOP_NAME: string;
}

/** SQL database (Cloudflare D1). */
export interface Database {
  prepare(sql: string): Statement;
  batch(statements: readonly Statement[]): Promise<unknown>;
}
export interface Statement {
  bind(...values: readonly (string | number | null)[]): Statement;
  run(): Promise<{ readonly meta: { readonly changes: number } }>;
  first<Row>(): Promise<Row | null>;
  all<Row>(): Promise<{ readonly results: readonly Row[] }>;
}

/** Object store (Cloudflare R2). */
export interface Bucket {
  get(key: string): Promise<{ readonly body: ReadableStream } | null>;
  put(
    key: string,
    value: string,
    options: { readonly httpMetadata: { readonly contentType: string } },
  ): Promise<unknown>;
}

export interface Queue {
  send(message: ReceiptRequest): Promise<unknown>;
}

/** Sent when an order is placed; the queue's consumer answers it with a receipt. */
export interface ReceiptRequest {
  readonly order: string;
}
