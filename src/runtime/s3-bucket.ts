import { AwsClient } from "aws4fetch";
import type { Content } from "./portable-app.ts";
import type { ServiceAddress } from "./service-url.ts";

/** What R2 offers an app (Workers docs, "R2 Workers API"), as far as every S3-compatible store can: no multipart uploads, no conditions. */
export interface S3Bucket {
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

/** Retries of a request that the store answers with 429 or 5xx, with growing pauses: some 6 seconds in all. */
const RETRIES = 6;

/** A bucket of an S3-compatible store, addressed by path, behind R2's interface. Methods throw what the store refuses: status and code, no other text of it. */
export function openS3Bucket({ endpoint, path, region, credentials }: ServiceAddress): S3Bucket {
  const client = new AwsClient({ ...credentials, service: "s3", region, retries: RETRIES });
  const place = `${endpoint}/${encodeURIComponent(path)}`;
  const ask = async (method: string, url: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await client.fetch(url, { ...init, method });
    if (answer.ok) return answer;
    const [, code = "no code"] = /<Code>(\w+)<\/Code>/.exec(await answer.text()) ?? [];
    // The answer to HEAD has no body that could say what is missing.
    const isMissing = answer.status === 404 && (method === "HEAD" || code === "NoSuchKey");
    if (isMissing) return answer;
    throw new Error(`the object store answered ${method} with ${answer.status} (${code})`);
  };
  const find = async (method: "GET" | "HEAD", key: string): Promise<Response | undefined> => {
    const answer = await ask(method, `${place}/${encodeKey(key)}`);
    return answer.ok ? answer : undefined;
  };
  return {
    async get(key) {
      const answer = await find("GET", key);
      return answer === undefined ? null : readObject(key, answer);
    },
    async head(key) {
      const answer = await find("HEAD", key);
      return answer === undefined ? null : describeObject(key, answer.headers);
    },
    async put(key, value, { httpMetadata = {} } = {}) {
      const { contentType = "application/octet-stream" } = httpMetadata;
      // A stream has no length, which S3 wants to know first.
      const body = await new Response(value).arrayBuffer();
      const headers = { "content-type": contentType, "content-length": String(body.byteLength) };
      const answer = await ask("PUT", `${place}/${encodeKey(key)}`, { headers, body });
      const described = describeObject(key, answer.headers);
      return { ...described, size: body.byteLength, httpMetadata: { contentType } };
    },
    async delete(keys) {
      for (const key of [keys].flat()) await ask("DELETE", `${place}/${encodeKey(key)}`);
    },
    async list(options = {}) {
      const answer = await ask("GET", `${place}?${listQuery(options)}`);
      return readList(await answer.text());
    },
  };
}

/** @throws TypeError for a key that would lead to another place as part of a URL. */
function encodeKey(key: string): string {
  const parts = key.split("/");
  if (key === "" || parts.includes(".") || parts.includes("..")) {
    throw new TypeError("a key has at least one character, and `.` or `..` is no part of it");
  }
  return parts.map(encodeURIComponent).join("/");
}

function readObject(key: string, answer: Response): StoredObject {
  return {
    ...describeObject(key, answer.headers),
    body: answer.body ?? new Blob([]).stream(),
    text: () => answer.text(),
    json: () => answer.json(),
    arrayBuffer: () => answer.arrayBuffer(),
  };
}

function describeObject(key: string, headers: Headers): ObjectDescription {
  const httpEtag = headers.get("etag") ?? "";
  return {
    key,
    size: Number(headers.get("content-length") ?? 0),
    etag: httpEtag.replaceAll('"', ""),
    httpEtag,
    uploaded: new Date(headers.get("last-modified") ?? headers.get("date") ?? Date.now()),
    httpMetadata: { contentType: headers.get("content-type") ?? undefined },
  };
}

function listQuery({ prefix = "", limit = 1000, cursor }: ListOptions): URLSearchParams {
  const query = new URLSearchParams({
    "list-type": "2",
    "max-keys": String(Math.min(limit, 1000)),
    prefix,
  });
  if (cursor !== undefined) query.set("continuation-token", cursor);
  return query;
}

function readList(xml: string): ObjectList {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = ""]) => {
    const etag = textOf(entry, "ETag").replaceAll('"', "");
    return {
      key: textOf(entry, "Key"),
      size: Number(textOf(entry, "Size")),
      etag,
      httpEtag: `"${etag}"`,
      uploaded: new Date(textOf(entry, "LastModified")),
      httpMetadata: {},
    };
  });
  if (textOf(xml, "IsTruncated") !== "true") return { objects, truncated: false };
  return { objects, truncated: true, cursor: textOf(xml, "NextContinuationToken") };
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

/** The text of the first such element, without what XML writes for its own characters. */
function textOf(xml: string, tag: string): string {
  const [, text = ""] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(xml) ?? [];
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
