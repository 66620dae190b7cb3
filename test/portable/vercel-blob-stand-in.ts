import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

const STORE = "Store1";
const TOKEN = `vercel_blob_rw_${STORE}_secret`;

interface Stored {
  readonly bytes: Buffer;
  readonly type: string;
  readonly at: Date;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const json = (value: unknown, status = 200): Reply => ({
  ...{ status, headers: { "content-type": "application/json" } },
  body: JSON.stringify(value),
});
const refuse = (status: number, code: string): Reply =>
  json({ error: { code, message: "canary" } }, status);

/** One private store of Vercel Blob: the API at `/api`, the objects' own host at `/objects` (https://github.com/vercel/storage, packages/blob). */
export async function startBlobStore(): Promise<{
  readonly token: string;
  readonly origin: string;
  /** How many of the next requests are answered with 503. */
  fail(times: number): void;
  /** The next request is answered with 404 by something that is not the store, or with that code. */
  lose(code?: string): void;
  close(): void;
}> {
  const store = new Map<string, Stored>();
  let failures = 0;
  let lost: Reply | undefined;
  const server = createServer(async (request, response) => {
    const given = await buffer(request);
    const isBusy = failures > 0;
    if (isBusy) failures -= 1;
    const { status, headers, body } = isBusy
      ? refuse(503, "service_unavailable")
      : (lost ?? answer(store, request, given));
    lost = undefined;
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    token: TOKEN,
    origin: `http://127.0.0.1:${port}`,
    fail(times) {
      failures = times;
    },
    lose(code) {
      lost =
        code === undefined
          ? { status: 404, headers: {}, body: "<p>canary</p>" }
          : refuse(404, code);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(store: Map<string, Stored>, request: IncomingMessage, body: Buffer): Reply {
  const { method, url = "", headers } = request;
  const { pathname, searchParams } = new URL(url, "http://store");
  if (headers.authorization !== `Bearer ${TOKEN}`) return refuse(403, "forbidden");
  if (pathname.startsWith("/objects/")) {
    // Without it, Vercel's caches may answer with what was.
    if (searchParams.get("cache") !== "0") return refuse(400, "bad_request");
    return readObject(store.get(decodeURIComponent(pathname.slice("/objects/".length))));
  }
  const isApi = headers["x-api-version"] === "12" && headers["x-vercel-blob-store-id"] === STORE;
  if (!isApi) return refuse(400, "bad_request");
  if (method === "PUT") return putObject(store, searchParams.get("pathname"), headers, body);
  if (method === "POST") {
    const { urls } = JSON.parse(body.toString()) as { readonly urls: readonly string[] };
    for (const one of urls) store.delete(one);
    return json(null);
  }
  const key = searchParams.get("url");
  if (key === null) return json(listObjects(store, searchParams));
  const found = store.get(key);
  return found === undefined ? refuse(404, "not_found") : json(describe(key, found));
}

function putObject(
  store: Map<string, Stored>,
  key: string | null,
  headers: IncomingMessage["headers"],
  bytes: Buffer,
): Reply {
  const isOwn =
    headers["x-vercel-blob-access"] === "private" && headers["x-add-random-suffix"] === "0";
  if (key === null || !isOwn) return refuse(400, "bad_request");
  if (store.has(key) && headers["x-allow-overwrite"] !== "1") return refuse(400, "bad_request");
  const stored = { bytes, type: String(headers["x-content-type"]), at: new Date() };
  store.set(key, stored);
  return json(describe(key, stored));
}

function listObjects(store: ReadonlyMap<string, Stored>, query: URLSearchParams): object {
  const all = [...store].filter(([key]) => key.startsWith(query.get("prefix") ?? ""));
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Number(query.get("limit"));
  const blobs = all
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(start, end)
    .map(([key, stored]) => describe(key, stored));
  const hasMore = end < all.length;
  return { blobs, hasMore, ...(hasMore && { cursor: String(end) }) };
}

function describe(pathname: string, { bytes, type, at }: Stored): object {
  const etag = etagOf(bytes);
  return { pathname, size: bytes.length, contentType: type, etag, uploadedAt: at.toISOString() };
}

function readObject(stored: Stored | undefined): Reply {
  if (stored === undefined) return { status: 404, headers: {}, body: "Not Found" };
  const { bytes, type, at } = stored;
  const headers = {
    "content-type": type,
    "content-length": String(bytes.length),
    "last-modified": at.toUTCString(),
    etag: etagOf(bytes),
  };
  return { status: 200, headers, body: bytes };
}

function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}
