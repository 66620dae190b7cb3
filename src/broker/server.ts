import { createHash, timingSafeEqual } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Broker } from "./broker.ts";
import { fail } from "./errors.ts";
import type { BrokerAnswer, BrokerRequest } from "./protocol.ts";
import { type Random, systemRandom } from "./random.ts";

/** Where a broker answers. `env` is what its clients need; the token in it is secret. */
export interface BrokerServer {
  readonly socket: string;
  readonly env: {
    readonly SUPERCARGO_BROKER_SOCKET: string;
    readonly SUPERCARGO_BROKER_TOKEN: string;
  };
  /** Stops listening and waits for what is being handled. */
  close(): Promise<void>;
}

export interface BrokerServerOptions {
  /** Folder for the socket's own folder, default the system's for temporary files. Short: a socket's path has at most about 100 characters. */
  readonly folder?: string | undefined;
  readonly random?: Random | undefined;
  /** Takes the stack of a bug; default standard error. Never given to a client. */
  readonly log?: ((line: string) => void) | undefined;
}

const BODY_BYTES_MAX = 262_144;
const HEADERS_TIMEOUT_MS = 10_000;

/**
 * Serves a broker as HTTP on a Unix socket (mode 0600, in a folder of mode 0700): `POST /v1/requests` with a bearer token and one request as JSON
 * answers 200 with one answer as JSON.
 */
export async function startBrokerServer(
  broker: Pick<Broker, "handle">,
  options: BrokerServerOptions = {},
): Promise<BrokerServer> {
  const { folder = tmpdir(), random = systemRandom } = options;
  const log = options.log ?? ((line) => void process.stderr.write(`${line}\n`));
  const own = mkdtempSync(join(folder, "sc-"));
  const socket = join(own, "broker");
  const token = Buffer.from(random.bytes(32)).toString("base64url");
  const server = createServer((request, response) => {
    serve(broker, token, log, request, response).catch((error: unknown) => {
      log(error instanceof Error ? (error.stack ?? error.name) : "a value was thrown");
      send(response, 500, fail("internal"));
    });
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  // An act may wait for a registry for minutes; its own limits end it.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  chmodSync(socket, 0o600);
  return {
    socket,
    env: { SUPERCARGO_BROKER_SOCKET: socket, SUPERCARGO_BROKER_TOKEN: token },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await closed;
      rmSync(own, { recursive: true, force: true });
    },
  };
}

async function serve(
  broker: Pick<Broker, "handle">,
  token: string,
  log: (line: string) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isAuthorized(request.headers.authorization ?? "", token))
    return send(response, 401, fail("bad_request"));
  if (request.method !== "POST" || request.url !== "/v1/requests")
    return send(response, 404, fail("bad_request"));
  const body = await readBody(request);
  if (body === undefined) return send(response, 400, fail("bad_request"));
  try {
    send(response, 200, await broker.handle(body as BrokerRequest));
  } catch (error) {
    log(error instanceof Error ? (error.stack ?? error.name) : "a value was thrown");
    send(response, 200, fail("internal"));
  }
}

/** Compares digests, so that neither length nor content shows in the time it takes. */
function isAuthorized(header: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header), digest(`Bearer ${token}`));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, answer: BrokerAnswer): void {
  if (response.headersSent) return void response.destroy();
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  });
  response.end(body);
}
