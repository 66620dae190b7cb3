import { decodeBlobKey, encodeBlobKey } from "./blob-key.ts";
import type { ListOptions } from "./bucket.ts";
import { fetchPatiently } from "./fetch-patiently.ts";
import type { TextVariables } from "./service-url.ts";

/** What is kept beside a blob; at most 2 kB as base64. */
export type BlobMetadata = Readonly<Record<string, unknown>>;

/** A store of Netlify Blobs, as its own client asks for one (`@netlify/blobs` 11), always past the cache. Methods throw what the store refuses: method and status, no text of it. */
export interface NetlifyStore {
  /** Null where there is none. */
  get(key: string): Promise<StoredBlob | null>;
  head(key: string): Promise<BlobMetadata | null>;
  put(key: string, value: ArrayBuffer | string, metadata: BlobMetadata): Promise<void>;
  /** Puts it in the place of the one with that `etag`; false where it is not that one any more. */
  replace(key: string, value: string, etag: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  listKeys(options: ListOptions): Promise<KeyList>;
}

interface StoredBlob {
  readonly metadata: BlobMetadata;
  /** It changes with the content. */
  readonly etag: string;
  readonly answer: Response;
}

/** Keys in order of their bytes. */
interface KeyList {
  readonly keys: readonly string[];
  /** Where the next list begins, if there is more. */
  readonly cursor?: string | undefined;
}

/** The stores of the site that a function belongs to. */
export interface NetlifyStores {
  /** Takes the way to them from an event; each has its own token. */
  admit(event: { readonly blobs?: string | undefined }): void;
  open(name: string): NetlifyStore;
}

/** Where the stores are, and who asks. */
interface Access {
  /** The address that answers with what was written last. */
  readonly origin: string;
  readonly token: string;
}

const FRESH = "max-age=0, no-store";
const METADATA = "x-amz-meta-user";
const METADATA_MARK = "b64;";
/** The most bytes of a key (Netlify docs, "Netlify Blobs"). */
const KEY_MAX = 600;
/** The most keys of a list. */
const LIST_MAX = 1000;

/** `SITE_ID` says whose stores they are (Netlify docs, "Environment variables and functions"). */
export function createNetlifyStores(variables: TextVariables): NetlifyStores {
  let access: Access | undefined;
  return {
    admit({ blobs }) {
      access = blobs === undefined ? undefined : readAccess(blobs);
    },
    open: (name) =>
      openStore(async (method, path, init = {}) => {
        if (access === undefined)
          throw new Error(
            "Netlify gave this function no way to stores that show what was written last",
          );
        const { origin, token } = access;
        const headers = { ...init.headers, authorization: `Bearer ${token}` };
        const url = `${origin}/${variables.SITE_ID}/site:${encodeURIComponent(name)}${path}`;
        return fetchPatiently(url, { ...init, method, headers });
      }),
  };
}

function readAccess(blobs: string): Access | undefined {
  const { url_uncached: url, token } = JSON.parse(Buffer.from(blobs, "base64").toString()) as {
    readonly url_uncached?: unknown;
    readonly token?: unknown;
  };
  if (typeof url !== "string" || typeof token !== "string") return undefined;
  return { origin: url.replace(/\/+$/, ""), token };
}

type Ask = (method: string, path: string, init?: RequestInit) => Promise<Response>;

function openStore(ask: Ask): NetlifyStore {
  const seek = async (method: string, key: string): Promise<Response | null> => {
    const answer = await ask(method, pathOf(key));
    if (answer.status !== 404) return checkAnswer(method, answer);
    await answer.body?.cancel();
    return null;
  };
  return {
    async get(key) {
      const answer = await seek("GET", key);
      if (answer === null) return null;
      const etag = answer.headers.get("etag") ?? "";
      return { metadata: readMetadata(answer), etag, answer };
    },
    async head(key) {
      const answer = await seek("HEAD", key);
      return answer && readMetadata(answer);
    },
    async put(key, body, metadata) {
      const encoded = METADATA_MARK + Buffer.from(JSON.stringify(metadata)).toString("base64");
      const headers = { [METADATA]: encoded, "cache-control": FRESH };
      await (await checkAnswer("PUT", await ask("PUT", pathOf(key), { headers, body }))).text();
    },
    async replace(key, body, etag) {
      const headers = { "if-match": etag, "cache-control": FRESH };
      const answer = await ask("PUT", pathOf(key), { headers, body });
      const isOther = answer.status === 412 || answer.status === 404;
      await (isOther ? answer : await checkAnswer("PUT", answer)).text();
      return !isOther;
    },
    async delete(key) {
      await (await seek("DELETE", key))?.text();
    },
    async listKeys({ prefix = "", limit = LIST_MAX, cursor = "" }) {
      const all = await listAll(ask, prefix);
      const after = all.filter((key) => compareBytes(key, cursor) > 0);
      const keys = after.slice(0, Math.min(limit, LIST_MAX));
      return { keys, cursor: after.length > keys.length ? keys.at(-1) : undefined };
    },
  };
}

/** Netlify's pages are of its own length and may end anywhere, so a list of ours begins with all keys. */
async function listAll(ask: Ask, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const query = new URLSearchParams({
      ...(prefix !== "" && { prefix: encodeBlobKey(prefix) }),
      ...(cursor !== "" && { cursor }),
    });
    const answer = await ask("GET", `?${query}`);
    // A store to which nothing was written is not there.
    if (answer.status === 404) {
      await answer.body?.cancel();
      return [];
    }
    const page = (await (await checkAnswer("GET", answer)).json()) as BlobPage;
    keys.push(...(page.blobs ?? []).map(({ key }) => decodeBlobKey(key)));
    cursor = page.next_cursor;
  }
  return keys.toSorted(compareBytes);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

interface BlobPage {
  readonly blobs?: readonly { readonly key: string }[];
  readonly next_cursor?: string;
}

async function checkAnswer(method: string, answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  await answer.body?.cancel();
  throw new Error(`the blob store answered ${method} with ${answer.status}`);
}

function readMetadata({ headers }: Response): BlobMetadata {
  const text = headers.get(METADATA) ?? "";
  if (!text.startsWith(METADATA_MARK)) return {};
  const json = Buffer.from(text.slice(METADATA_MARK.length), "base64").toString();
  return JSON.parse(json) as BlobMetadata;
}

/** @throws TypeError for a key that the store does not take, or that would lead to another place as part of a URL. */
function pathOf(key: string): string {
  const encoded = encodeBlobKey(key);
  const isStrange = encoded.split("/").some((part) => /^\.{0,2}$/.test(part));
  if (isStrange || encoded.length > KEY_MAX) {
    throw new TypeError(
      `a key has at least one and at most ${KEY_MAX} bytes, three for each that is no letter, digit, dot, hyphen or slash, and no part of it is empty, \`.\` or \`..\``,
    );
  }
  return `/${encoded}`;
}
