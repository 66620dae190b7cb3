import { setTimeout as sleep } from "node:timers/promises";
import type { Bucket, ListOptions, ObjectList } from "./bucket.ts";
import { describeObject } from "./describe-object.ts";
import { encodeKey } from "./encode-key.ts";
import { createIdentityTokens } from "./identity-tokens.ts";
import { readObject } from "./read-object.ts";
import { readXmlText } from "./read-xml-text.ts";
import type { TextVariables } from "./service-url.ts";

/** Of the REST API; headers and answers are of this date. */
const API_VERSION = "2023-11-03";
/** Whom tokens are for. */
const AUDIENCE = "https://storage.azure.com/";

/** Hosts that are this machine. */
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Retries of a request that the store answers with 429 or 5xx, with pauses that double: some 6 seconds in all. */
const RETRIES = 6;
const FIRST_PAUSE_MS = 100;

interface Request {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: ArrayBuffer | undefined;
}

/**
 * A container of Azure's Blob Storage, `azblob://account.blob.core.windows.net/container`, behind R2's interface (Blob Storage docs, "Blob service REST API").
 * The rights are those of the app's identity, whose token goes nowhere in clear but to this machine (`?tls=false`). Methods throw what the store refuses: status and code, no other text of it.
 * @throws TypeError when something is missing; the message holds nothing of the URL.
 */
export function openBlobContainer(url: URL, variables: TextVariables): Bucket {
  const container = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, "");
  if (url.host === "" || container === "") throw new TypeError("it names no host or nothing on it");
  const scheme = url.searchParams.get("tls") === "false" ? "http" : "https";
  if (scheme === "http" && !LOOPBACK.has(url.hostname))
    throw new TypeError("it would send the identity's token in clear to another machine");
  const place = `${scheme}://${url.host}/${encodeURIComponent(container)}`;
  const readToken = createIdentityTokens(AUDIENCE, variables);
  const ask = async (method: string, address: string, request: Request = {}): Promise<Response> => {
    for (let attempt = 0; ; attempt++) {
      const answer = await send(method, address, await readToken(), request);
      const code = codeOf(answer);
      if (answer.ok || code === "BlobNotFound") return answer;
      await answer.body?.cancel();
      const isPassing = answer.status === 429 || answer.status >= 500;
      if (!isPassing || attempt === RETRIES)
        throw new Error(`the object store answered ${method} with ${answer.status} (${code})`);
      await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  };
  const find = async (method: "GET" | "HEAD", key: string): Promise<Response | undefined> => {
    const answer = await ask(method, `${place}/${encodeKey(key)}`);
    if (answer.ok) return answer;
    await answer.body?.cancel();
    return undefined;
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
      // A stream has no length, which the store wants to know first.
      const body = await new Response(value).arrayBuffer();
      const headers = { "content-type": contentType, "x-ms-blob-type": "BlockBlob" };
      const answer = await ask("PUT", `${place}/${encodeKey(key)}`, { headers, body });
      await answer.body?.cancel();
      const described = describeObject(key, answer.headers);
      return { ...described, size: body.byteLength, httpMetadata: { contentType } };
    },
    async delete(keys) {
      for (const key of [keys].flat()) {
        const answer = await ask("DELETE", `${place}/${encodeKey(key)}`);
        await answer.body?.cancel();
      }
    },
    async list(options = {}) {
      const answer = await ask("GET", `${place}?${listQuery(options)}`);
      return readList(await answer.text());
    },
  };
}

function send(
  method: string,
  address: string,
  token: string,
  { headers = {}, body }: Request,
): Promise<Response> {
  return fetch(address, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "x-ms-date": new Date().toUTCString(),
      "x-ms-version": API_VERSION,
      ...headers,
    },
    body: body ?? null,
  });
}

/** What was wrong, in one word; the answer to HEAD has it, too. */
function codeOf({ headers }: Response): string {
  const [code = "no code"] = /^\w+$/.exec(headers.get("x-ms-error-code") ?? "") ?? [];
  return code;
}

function listQuery({ prefix = "", limit = 1000, cursor }: ListOptions): URLSearchParams {
  const query = new URLSearchParams({
    restype: "container",
    comp: "list",
    maxresults: String(Math.min(limit, 1000)),
    prefix,
  });
  if (cursor !== undefined) query.set("marker", cursor);
  return query;
}

function readList(xml: string): ObjectList {
  const objects = [...xml.matchAll(/<Blob>(.*?)<\/Blob>/gs)].map(([, entry = ""]) => {
    const etag = readXmlText(entry, "Etag").replaceAll('"', "");
    return {
      key: readName(entry),
      size: Number(readXmlText(entry, "Content-Length")),
      etag,
      httpEtag: `"${etag}"`,
      uploaded: new Date(readXmlText(entry, "Last-Modified")),
      httpMetadata: {},
    };
  });
  const cursor = readXmlText(xml, "NextMarker");
  return cursor === "" ? { objects, truncated: false } : { objects, truncated: true, cursor };
}

/** What XML cannot hold stands there percent-encoded, and the element says so. */
function readName(entry: string): string {
  const name = readXmlText(entry, "Name");
  return entry.includes('<Name Encoded="true">') ? decodeURIComponent(name) : name;
}
