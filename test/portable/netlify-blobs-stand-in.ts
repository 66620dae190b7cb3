import { hash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

const SITE = "site-1";
const TOKEN = "only-for-tests";
/** Keys of a page. */
const PAGE = 2;

interface Stored {
  readonly bytes: Buffer;
  readonly metadata: string;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The stores of one site, at the address that is asked past the cache (`@netlify/blobs` 11, edge access). */
export async function startNetlifyBlobs(): Promise<{
  readonly site: string;
  /** What Netlify puts into an event. */
  readonly blobs: string;
  /** How many of the next requests are answered with 503. */
  fail(times: number): void;
  close(): void;
}> {
  const store = new Map<string, Stored>();
  let failures = 0;
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const { status, headers, body } =
      failures-- > 0 ? { status: 503, body: "canary" } : answer(store, request, bytes);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { url: "http://cached.invalid", url_uncached: origin, token: TOKEN };
  return {
    site: SITE,
    blobs: Buffer.from(JSON.stringify(access)).toString("base64"),
    fail: (times) => {
      failures = times;
    },
    close: () => void server.close(),
  };
}

function answer(store: Map<string, Stored>, request: IncomingMessage, bytes: Buffer): Reply {
  const { method, url = "/", headers } = request;
  if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: "canary" };
  const { pathname, searchParams } = new URL(url, "http://x");
  const [, site, name, ...key] = pathname.split("/");
  if (site !== SITE || !name?.startsWith("site:")) return { status: 400, body: "canary" };
  const path = `${name}/${key.join("/")}`;
  if (key.length === 0) return listBlobs(store, path, searchParams);
  const found = store.get(path);
  switch (method) {
    case "PUT":
      if (headers["if-match"] !== undefined && headers["if-match"] !== etagOf(found))
        return { status: 412, body: "canary" };
      store.set(path, { bytes, metadata: String(headers["x-amz-meta-user"] ?? "") });
      return { status: 200, headers: { etag: etagOf(store.get(path)) } };
    case "DELETE":
      store.delete(path);
      return { status: 204 };
    default: {
      if (found === undefined) return { status: 404 };
      const own = { "x-amz-meta-user": found.metadata, etag: etagOf(found) };
      const reply = { status: 200, headers: own };
      return method === "HEAD" ? reply : { ...reply, body: found.bytes };
    }
  }
}

/** That of its content, so that the same bytes have the same. */
function etagOf(found: Stored | undefined): string {
  return found === undefined ? "" : `"${hash("sha256", found.bytes, "hex")}"`;
}

/** Pages of the store's own length; one to which nothing was written is not there. */
function listBlobs(
  store: ReadonlyMap<string, Stored>,
  name: string,
  query: URLSearchParams,
): Reply {
  const keys = [...store.keys()]
    .filter((path) => path.startsWith(name))
    .map((path) => path.slice(name.length));
  if (keys.length === 0) return { status: 404 };
  const start = Number(query.get("cursor") ?? 0);
  const listed = keys.filter((key) => key.startsWith(query.get("prefix") ?? ""));
  const more = start + PAGE < listed.length && { next_cursor: String(start + PAGE) };
  const blobs = listed.slice(start, start + PAGE).map((key) => ({ key, etag: '"x"' }));
  return { status: 200, body: JSON.stringify({ blobs, directories: [], ...more }) };
}
