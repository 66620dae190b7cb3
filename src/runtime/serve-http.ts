import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Answers one request. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

const DEFAULT_PORT = 8080;

/** Serves a handler on the port in `PORT`, on every address. SIGTERM ends it once the open answers are sent. A handler that throws answers 500. */
export function serveHttp(handle: FetchHandler): Server {
  const server = createServer((incoming, outgoing) => {
    answer(handle, incoming, outgoing).catch(() => {
      if (!outgoing.headersSent) outgoing.writeHead(500).end("Internal Server Error\n");
      else outgoing.destroy();
    });
  });
  server.listen(Number(process.env.PORT ?? DEFAULT_PORT));
  process.once("SIGTERM", () => {
    server.close();
    server.closeIdleConnections();
  });
  return server;
}

async function answer(
  handle: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const response = await handle(readRequest(incoming));
  const cookies = response.headers.getSetCookie();
  for (const [name, value] of response.headers)
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  outgoing.writeHead(response.status);
  if (response.body === null || incoming.method === "HEAD") return void outgoing.end();
  await pipeline(Readable.fromWeb(response.body as never), outgoing);
}

/** The proxy in front says in `x-forwarded-proto` and `x-forwarded-host` how the client came. */
function readRequest(incoming: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  const scheme = headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  const host = headers.get("x-forwarded-host") ?? headers.get("host") ?? "localhost";
  const target = incoming.url ?? "/";
  const url = new URL(target.startsWith("/") ? `${scheme}://${host}${target}` : target);
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  if (!hasBody) return new Request(url, { method, headers });
  const body = Readable.toWeb(incoming) as ReadableStream;
  return new Request(url, { method, headers, body, duplex: "half" } as RequestInit);
}
