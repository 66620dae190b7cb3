import type { Bucket, ListOptions, ObjectDescription, ObjectList } from "./bucket.ts";
import { fetchPatiently } from "./fetch-patiently.ts";

/** Where a store of Vercel Blob answers. */
export interface BlobAddresses {
  /** For everything but the objects' own bytes; default `https://vercel.com/api/blob`. */
  readonly api?: string | undefined;
  /** For those; default the host of the token's store. */
  readonly objects?: string | undefined;
}

/** An object as the API describes it. */
interface StoredBlob {
  readonly pathname: string;
  readonly size: number;
  readonly contentType?: string;
  readonly etag: string;
  readonly uploadedAt: string;
}

const API = "https://vercel.com/api/blob";
/** The API's version that is spoken here, as `@vercel/blob` 2 does. */
const API_VERSION = "12";
/** The most characters of a key (`@vercel/blob`, `MAXIMUM_PATHNAME_LENGTH`). */
const KEY_MAX = 950;
/** The API's code for an object that it does not have (`@vercel/blob`, `BlobNotFoundError`). */
const NOT_THERE = "not_found";

/**
 * A private store of Vercel Blob behind R2's interface. `token` is its `..._READ_WRITE_TOKEN`, which names the store. What is read comes from the store itself, never from
 * a cache. Methods throw what the store refuses: status and code, no other text of it.
 * @throws TypeError when the token names no store; the message holds nothing of it.
 */
export function openVercelBlob(token: string, addresses: BlobAddresses = {}): Bucket {
  const store = /^vercel_blob_rw_([A-Za-z0-9]+)_/.exec(token)?.[1];
  if (store === undefined) throw new TypeError("its token is none of Vercel Blob");
  const { api = API, objects = `https://${store}.private.blob.vercel-storage.com` } = addresses;
  const authorization = `Bearer ${token}`;
  /** Undefined where the store says that there is no such object. */
  const seek = async (
    method: string,
    query: string,
    init: RequestInit = {},
  ): Promise<Response | undefined> => {
    const headers = {
      ...init.headers,
      authorization,
      "x-api-version": API_VERSION,
      "x-vercel-blob-store-id": store,
    };
    return checkAnswer(
      method,
      await fetchPatiently(`${api}${query}`, { ...init, method, headers }),
    );
  };
  const ask = async (...request: Parameters<typeof seek>): Promise<Response> => {
    const answer = await seek(...request);
    if (answer === undefined) throw new Error(explain(request[0], 404, NOT_THERE));
    return answer;
  };
  const describe = async (key: string): Promise<ObjectDescription | null> => {
    const answer = await seek("GET", `?${new URLSearchParams({ url: checkKey(key) })}`);
    return answer === undefined ? null : describeBlob((await answer.json()) as StoredBlob);
  };
  return {
    async get(key) {
      const place = `${objects}/${checkKey(key).split("/").map(encodeURIComponent).join("/")}`;
      const read = () => fetchPatiently(`${place}?cache=0`, { headers: { authorization } });
      let found = await read();
      if (found.status === 404) {
        await found.body?.cancel();
        // This host gives no code, and a 404 can be anybody's on the way: the API knows.
        if ((await describe(key)) === null) return null;
        found = await read();
      }
      const answer = await checkAnswer("GET", found);
      if (answer === undefined) return null;
      return {
        ...describeAnswer(key, answer.headers),
        body: answer.body ?? new Blob([]).stream(),
        text: () => answer.text(),
        json: () => answer.json(),
        arrayBuffer: () => answer.arrayBuffer(),
      };
    },
    head: describe,
    async put(key, value, { httpMetadata = {} } = {}) {
      const { contentType = "application/octet-stream" } = httpMetadata;
      const body = await new Response(value).arrayBuffer();
      const headers = {
        "x-vercel-blob-access": "private",
        "x-content-type": contentType,
        "x-add-random-suffix": "0",
        "x-allow-overwrite": "1",
      };
      const query = `/?${new URLSearchParams({ pathname: checkKey(key) })}`;
      const { etag } = (await (await ask("PUT", query, { headers, body })).json()) as StoredBlob;
      const size = body.byteLength;
      return describeBlob({ pathname: key, size, contentType, etag, uploadedAt: now() });
    },
    async delete(keys) {
      const urls = [keys].flat().map(checkKey);
      const headers = { "content-type": "application/json" };
      if (urls.length > 0)
        await seek("POST", "/delete", { headers, body: JSON.stringify({ urls }) });
    },
    async list(options = {}) {
      return readList(await (await ask("GET", `?${listQuery(options)}`)).json());
    },
  };
}

/** The answer where it is good; undefined where it says that the object is not there. */
async function checkAnswer(method: string, answer: Response): Promise<Response | undefined> {
  if (answer.ok) return answer;
  const code = /"code":\s*"(\w+)"/.exec(await answer.text())?.[1] ?? "no code";
  if (answer.status === 404 && code === NOT_THERE) return undefined;
  throw new Error(explain(method, answer.status, code));
}

function explain(method: string, status: number, code: string): string {
  return `the blob store answered ${method} with ${status} (${code})`;
}

/** @throws TypeError for a key that the store does not take, or that would lead to another place as part of a URL. */
function checkKey(key: string): string {
  const parts = key.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || key.length > KEY_MAX) {
    throw new TypeError(
      `a key has at least one character and at most ${KEY_MAX}, and no part of it is empty, \`.\` or \`..\``,
    );
  }
  return key;
}

function describeBlob(blob: StoredBlob): ObjectDescription {
  const { pathname, size, contentType, etag, uploadedAt } = blob;
  const bare = etag.replaceAll('"', "");
  return {
    key: pathname,
    size,
    etag: bare,
    httpEtag: `"${bare}"`,
    uploaded: new Date(uploadedAt),
    httpMetadata: { contentType },
  };
}

function describeAnswer(pathname: string, headers: Headers): ObjectDescription {
  return describeBlob({
    pathname,
    size: Number(headers.get("content-length") ?? 0),
    contentType: headers.get("content-type") ?? "application/octet-stream",
    etag: headers.get("etag") ?? "",
    uploadedAt: headers.get("last-modified") ?? now(),
  });
}

function listQuery({ prefix = "", limit = 1000, cursor }: ListOptions): URLSearchParams {
  const query = new URLSearchParams({ limit: String(Math.min(limit, 1000)) });
  if (prefix !== "") query.set("prefix", prefix);
  if (cursor !== undefined) query.set("cursor", cursor);
  return query;
}

function readList(answer: unknown): ObjectList {
  const { blobs, hasMore, cursor } = answer as {
    readonly blobs: readonly StoredBlob[];
    readonly hasMore: boolean;
    readonly cursor?: string;
  };
  const objects = blobs.map(describeBlob);
  return hasMore ? { objects, truncated: true, cursor } : { objects, truncated: false };
}

function now(): string {
  return new Date().toISOString();
}
