import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
  request as startRequest,
} from "node:http";
import type { Duplex } from "node:stream";
import { addForwarded } from "./add-forwarded.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { forwardUpstream } from "./forward-upstream.ts";
import { WORKER_HEADER } from "./front-worker.ts";
import { normaliseHost } from "./match-host.ts";
import type { PlaneWorker } from "./plan.ts";
import { serveBeforeWorker } from "./serve-asset.ts";
import type { WorkerdRuntime } from "./workerd-runtime.ts";

interface Parts {
  readonly runtime: WorkerdRuntime;
  /** The Worker deployed at a host and path. */
  readonly findWorker: (host: string, path: string) => PlaneWorker | undefined;
  /** The port of an app that is no Worker, at a host and path. */
  readonly findUpstream: (host: string, path: string) => number | undefined;
  /** HTML for a host at which nothing is deployed. */
  readonly renderHosts: (host: string) => string;
}

/** Headers between two neighbours, not between client and app (RFC 9110, 7.6.1). */
const HOP_HEADERS = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The HTTP server in front of workerd: finds the Worker by Host, serves static files, holds requests while a deploy restarts workerd. Its port outlives
 * workerd's. Not listening yet.
 */
export function createAppServer(parts: Parts): Server {
  const agent = new Agent({ keepAlive: true });
  const answering = new WeakMap<Duplex, number>();
  const count = (socket: Duplex, change: number) =>
    answering.set(socket, (answering.get(socket) ?? 0) + change);
  const server = createServer({ shouldUpgradeCallback }, (incoming, outgoing) => {
    const { socket } = incoming;
    count(socket, 1);
    outgoing.on("close", () => count(socket, -1));
    takeOriginForm(incoming);
    serve(parts, agent, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) return void outgoing.destroy();
      sendText(
        outgoing,
        503,
        `the app cannot run\n\n${error instanceof Error ? error.message : error}\n`,
      );
    });
  });
  /**
   * Other requests for an upgrade are answered as if they asked for none (RFC 9110, 7.8): with HTTP/2 a client could send requests whose headers nobody has looked
   * at, and while an earlier request has no answer the connection is not free.
   */
  function shouldUpgradeCallback({ headers, socket }: IncomingMessage): boolean {
    return headers.upgrade?.toLowerCase() === "websocket" && (answering.get(socket) ?? 0) === 0;
  }
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A Node older than 24.9 does not ask.
    if (!shouldUpgradeCallback(incoming)) return void socket.destroy();
    takeOriginForm(incoming);
    upgrade(parts, incoming, socket, head).catch(() => socket.destroy());
  });
  server.on("close", () => agent.destroy());
  return server;
}

async function serve(
  parts: Parts,
  agent: Agent,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const target = readTarget(incoming);
  const worker = parts.findWorker(target.host, target.path);
  // Paths below /cdn-cgi/ are Cloudflare's own, and miniflare answers some of them.
  if (target.path.startsWith("/cdn-cgi/")) return sendText(outgoing, 404, "Not Found\n");
  if (worker === undefined) {
    const port = parts.findUpstream(target.host, target.path);
    if (port !== undefined) return forwardUpstream(port, incoming, outgoing);
    outgoing.writeHead(404, { "content-type": "text/html; charset=utf-8" });
    return void outgoing.end(parts.renderHosts(target.host));
  }
  const file = await serveFile(worker, incoming, target);
  if (file !== undefined) return sendFile(file, outgoing);
  await parts.runtime.use(({ port }) =>
    forward({ agent, port, worker: worker.id }, incoming, outgoing),
  );
}

interface Target {
  /** Host as deployed, with no port. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** A target in the absolute form (RFC 9112, 3.2.2) is judged, and sent on, as the path and host that it names. */
function takeOriginForm(incoming: IncomingMessage): void {
  const raw = incoming.url ?? "/";
  if (raw.startsWith("/") || raw === "*") return;
  const url = URL.parse(raw);
  const isWeb = url !== null && /^(?:https?|wss?):$/.test(url.protocol);
  incoming.url = isWeb ? `${url.pathname}${url.search}` : "/";
  if (isWeb) incoming.headers.host = url.host;
}

function readTarget(incoming: IncomingMessage): Target {
  const { url: raw = "/" } = incoming;
  const url = new URL(`http://app${raw === "*" ? "/" : raw}`);
  return {
    host: normaliseHost(incoming.headers.host ?? ""),
    path: url.pathname,
    query: url.search,
  };
}

function serveFile(
  worker: PlaneWorker,
  incoming: IncomingMessage,
  target: Target,
): Promise<Response | undefined> {
  if (worker.assets === undefined) return Promise.resolve(undefined);
  const headers = new Headers();
  for (const name of ["if-none-match", "sec-fetch-mode"]) {
    const value = incoming.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const url = `http://${target.host}${target.path}${target.query}`;
  const method = incoming.method ?? "GET";
  // Requests of the forbidden methods cannot be built, and no file answers them.
  if (method === "CONNECT" || method === "TRACE" || method === "TRACK")
    return Promise.resolve(undefined);
  return serveBeforeWorker(worker.assets, new Request(url, { method, headers }), worker.hasCode);
}

async function sendFile(response: Response, outgoing: ServerResponse): Promise<void> {
  const bytes = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(bytes);
}

function sendText(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  outgoing.end(text);
}

/** Headers for workerd: the deployed host, our own routing header, none of miniflare's. */
function buildHeaders(incoming: IncomingMessage, worker: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(incoming.headersDistinct))
    if (!HOP_HEADERS.has(name) && !name.startsWith("mf-")) headers[name] = value;
  headers.host = normaliseHost(incoming.headers.host ?? "");
  headers[WORKER_HEADER] = worker;
  headers["mf-disable-pretty-error"] = "1";
  return headers;
}

/** Resolves when the exchange has ended, so that a deploy can wait for it. */
function forward(
  to: { readonly agent: Agent; readonly port: number; readonly worker: string },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const upstream = startRequest({
      agent: to.agent,
      host: "127.0.0.1",
      port: to.port,
      method: incoming.method,
      path: incoming.url,
      headers: buildHeaders(incoming, to.worker),
    });
    const fail = () => {
      if (!outgoing.headersSent) sendText(outgoing, 502, "the app's connection broke\n");
      else outgoing.destroy();
    };
    upstream.on("error", fail);
    upstream.on("response", (response) => {
      for (let index = 0; index < response.rawHeaders.length; index += 2) {
        const name = response.rawHeaders[index] ?? "";
        if (!HOP_HEADERS.has(name.toLowerCase()))
          outgoing.appendHeader(name, response.rawHeaders[index + 1] ?? "");
      }
      outgoing.writeHead(response.statusCode ?? 502, response.statusMessage);
      response.on("error", fail);
      response.pipe(outgoing);
    });
    outgoing.on("close", () => {
      upstream.destroy();
      resolve();
    });
    incoming.pipe(upstream);
  });
}

/** WebSocket and other upgrades: the connection goes through; a deploy cuts it, as Cloudflare does. */
async function upgrade(
  parts: Parts,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { host, path } = readTarget(incoming);
  const worker = parts.findWorker(host, path);
  const port = worker === undefined ? parts.findUpstream(host, path) : undefined;
  if (port !== undefined && !path.startsWith("/cdn-cgi/"))
    return forwardUpgrade(
      { port, headers: addForwarded(incoming.headers) },
      incoming,
      socket,
      head,
    );
  if (worker === undefined || path.startsWith("/cdn-cgi/"))
    return void socket.end(
      "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
  await parts.runtime.use(async ({ port }) =>
    forwardUpgrade({ port, headers: buildHeaders(incoming, worker.id) }, incoming, socket, head),
  );
}
