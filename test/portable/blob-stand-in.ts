import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Blob {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly modified: string;
}

type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
};

const CONTAINER = "objects";
const CLIENT = "00000000-0000-4000-8000-000000000001";
const SECRET = "identity-header";
const AUDIENCE = "https://storage.azure.com/";
const PAGE_MAX = 5000;

/** A blob's name as in a list: what XML cannot hold is percent-encoded, and the element says so (Blob service REST API, "List Blobs"). */
function printName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML 1.0 has no place for.
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(name))
    return `<Name Encoded="true">${encodeURIComponent(name)}</Name>`;
  const text = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<Name>${text}</Name>`;
}

function fail(status: number, code: string): Reply {
  const body = `\ufeff<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
  return { status, headers: { "x-ms-error-code": code }, body };
}

/** Of a blob, without its content, which HEAD leaves out. */
function describe({ bytes, type, etag, modified }: Blob): Readonly<Record<string, string>> {
  return {
    "content-length": String(bytes.byteLength),
    "content-type": type,
    etag,
    "last-modified": modified,
    "x-ms-blob-type": "BlockBlob",
  };
}

/**
 * One container of Blob Storage, and the place where App Service hands out tokens of an app's identity. A request must carry a token that was handed out for
 * storage and has not ended, and the headers that the service wants; everything else is refused with the service's own codes.
 */
export async function startBlobStorage({
  tokenSeconds = 3600,
}: {
  readonly tokenSeconds?: number;
} = {}): Promise<{
  /** `azblob://...` */
  readonly url: string;
  /** What App Service puts into an app's environment. */
  readonly identity: Readonly<Record<string, string>>;
  /** Tokens that were handed out. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Answers the next requests with this status. */
  fail(status: number, times: number): void;
  close(): void;
}> {
  const blobs = new Map<string, Blob>();
  const tokens = new Map<string, number>();
  let failing = { status: 0, times: 0 };

  const issue = (url: URL, headers: IncomingMessage["headers"]): Reply => {
    const isAsked =
      headers["x-identity-header"] === SECRET &&
      url.searchParams.get("api-version") === "2019-08-01" &&
      url.searchParams.get("resource") === AUDIENCE &&
      url.searchParams.get("client_id") === CLIENT;
    if (!isAsked) return { status: 400 };
    const token = randomBytes(24).toString("base64url");
    const until = Math.floor(Date.now() / 1000) + tokenSeconds;
    tokens.set(token, until * 1000);
    const json = { access_token: token, expires_on: String(until), token_type: "Bearer" };
    return { status: 200, body: JSON.stringify({ ...json, resource: AUDIENCE }) };
  };

  const isAllowed = ({ headers }: IncomingMessage): boolean => {
    const [, token = ""] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
    return (tokens.get(token) ?? 0) > Date.now();
  };

  const list = ({ searchParams }: URL): Reply => {
    const prefix = searchParams.get("prefix") ?? "";
    const size = Number(searchParams.get("maxresults") ?? PAGE_MAX);
    if (!(size > 0)) return fail(400, "OutOfRangeQueryParameterValue");
    const marker = Buffer.from(searchParams.get("marker") ?? "", "base64url").toString();
    const names = [...blobs.keys()].sort().filter((name) => name.startsWith(prefix));
    const rest = names.filter((name) => name >= marker);
    const page = rest.slice(0, Math.min(size, PAGE_MAX));
    const next = rest[page.length];
    const entries = page.map((name) => {
      const { bytes, type, etag, modified } = blobs.get(name) as Blob;
      return (
        `<Blob>${printName(name)}<Properties><Last-Modified>${modified}</Last-Modified>` +
        `<Etag>${etag.replaceAll('"', "")}</Etag><Content-Length>${bytes.byteLength}</Content-Length>` +
        `<Content-Type>${type}</Content-Type></Properties></Blob>`
      );
    });
    const cursor = next === undefined ? "" : Buffer.from(next).toString("base64url");
    const mark = cursor === "" ? "<NextMarker />" : `<NextMarker>${cursor}</NextMarker>`;
    return {
      status: 200,
      headers: { "content-type": "application/xml" },
      body: `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${entries.join("")}</Blobs>${mark}</EnumerationResults>`,
    };
  };

  const serve = (request: IncomingMessage, url: URL, bytes: Buffer): Reply => {
    const { method, headers } = request;
    if (failing.times > 0) {
      failing = { ...failing, times: failing.times - 1 };
      return fail(failing.status, "ServerBusy");
    }
    if (!isAllowed(request)) return fail(401, "InvalidAuthenticationInfo");
    if (headers["x-ms-version"] === undefined || headers["x-ms-date"] === undefined)
      return fail(400, "MissingRequiredHeader");
    const [, container = "", path = ""] = /^\/([^/]+)\/?(.*)$/s.exec(url.pathname) ?? [];
    if (container !== CONTAINER) return fail(404, "ContainerNotFound");
    if (path === "")
      return method === "GET" && url.search.startsWith("?restype=container&comp=list")
        ? list(url)
        : fail(400, "InvalidQueryParameterValue");
    const name = decodeURIComponent(path);
    if (method === "PUT") {
      if (headers["x-ms-blob-type"] !== "BlockBlob") return fail(400, "MissingRequiredHeader");
      if (headers["content-length"] === undefined) return fail(411, "MissingContentLengthHeader");
      const etag = `"0x${createHash("md5").update(bytes).digest("hex").slice(0, 15).toUpperCase()}"`;
      const modified = new Date().toUTCString();
      const type = headers["content-type"] ?? "application/octet-stream";
      blobs.set(name, { bytes, type, etag, modified });
      return { status: 201, headers: { etag, "last-modified": modified } };
    }
    const blob = blobs.get(name);
    if (blob === undefined) return fail(404, "BlobNotFound");
    if (method === "DELETE") {
      blobs.delete(name);
      return { status: 202 };
    }
    return { status: 200, headers: describe(blob), body: blob.bytes };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "http://storage");
    const { status, headers, body } =
      url.pathname === "/msi/token"
        ? issue(url, request.headers)
        : serve(request, url, Buffer.concat(chunks));
    response.writeHead(status, headers);
    response.end(request.method === "HEAD" ? undefined : body);
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `azblob://${host}/${CONTAINER}?tls=false`,
    identity: {
      IDENTITY_ENDPOINT: `http://${host}/msi/token`,
      IDENTITY_HEADER: SECRET,
      AZURE_CLIENT_ID: CLIENT,
    },
    tokens,
    fail(status, times) {
      failing = { status, times };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
