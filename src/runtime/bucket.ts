import type { Content } from "./portable-app.ts";

/** What R2 offers an app (Workers docs, "R2 Workers API"), as far as every object store can: no multipart uploads, no conditions. */
export interface Bucket {
  get(key: string): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectDescription | null>;
  put(key: string, value: Content | null, options?: PutOptions): Promise<ObjectDescription>;
  /** What is not there is no error. */
  delete(keys: string | readonly string[]): Promise<void>;
  list(options?: ListOptions): Promise<ObjectList>;
}

export interface ObjectDescription {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly httpEtag: string;
  readonly uploaded: Date;
  readonly httpMetadata: { readonly contentType?: string | undefined };
}

export interface StoredObject extends ObjectDescription {
  readonly body: ReadableStream<Uint8Array>;
  text(): Promise<string>;
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface PutOptions {
  readonly httpMetadata?: { readonly contentType?: string | undefined } | undefined;
}

export interface ListOptions {
  readonly prefix?: string | undefined;
  /** Default and maximum 1000. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ObjectList {
  /** In order of key; the type of their content is not in a list. */
  readonly objects: readonly ObjectDescription[];
  readonly truncated: boolean;
  /** Where the next list begins, when this one is truncated. */
  readonly cursor?: string | undefined;
}
