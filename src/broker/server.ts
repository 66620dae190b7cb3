import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memberAt } from "../util/json-access.ts";
import { parseJson } from "../util/parse-json.ts";
import type { Broker } from "./broker.ts";
import { fail } from "./errors.ts";
import type { BrokerAnswer, BrokerRequest } from "./protocol.ts";
import { type Random, systemRandom } from "./random.ts";
import { readDelegation } from "./read-delegation.ts";
import { type Caller, createSessionBook, type SessionBook, type SignedRequest } from "./session.ts";

/** Where a broker's clients find socket and ticket. Neither is a secret; the ticket's file is the owner's alone and gone once it was used. */
export type ClientEnvironment = Readonly<
  Record<"SUPERCARGO_BROKER_SOCKET" | "SUPERCARGO_BROKER_TICKET", string>
>;

/** Where a broker answers. */
export interface BrokerServer {
  readonly socket: string;
  /** Admits one client process, once, for some verbs (default all) on one stack; what it needs is in the environment. */
  admit(to: {
    readonly project: string;
    readonly stack: string;
    readonly verbs?: Caller["verbs"] | undefined;
  }): ClientEnvironment;
  /** Tickets that were no good, or no longer, so far: more than none means that somebody else tried, or was first. */
  refusedTickets(): number;
  /** Stops listening and waits for what is being handled. */
  close(): Promise<void>;
}

export interface BrokerServerOptions {
  /** Folder for the socket's own folder, default the system's for temporary files. Short: a socket's path has at most about 100 characters. */
  readonly folder?: string | undefined;
  readonly random?: Random | undefined;
  /** Milliseconds since the epoch, for the end of sessions; default the machine's clock. */
  readonly now?: (() => number) | undefined;
  /** Takes the stack of a bug; default standard error. Never given to a client. */
  readonly log?: ((line: string) => void) | undefined;
}

const BODY_BYTES_MAX = 262_144;
const HEADERS_TIMEOUT_MS = 10_000;
/** Connections that may wait; the system cuts it to its own limit. */
const BACKLOG = 4_096;

/**
 * Serves a broker as HTTP on a Unix socket (mode 0600, in a folder of mode 0700). A client opens a session with a ticket, which is good for one
 * time, and a key of its own (`POST /v1/sessions`); from then on it signs what it asks (`POST /v1/requests`, `POST /v1/delegations`). So nothing
 * that stands in an environment, a log or a file is worth anything to another process.
 */
export async function startBrokerServer(
  broker: Pick<Broker, "handle">,
  options: BrokerServerOptions = {},
): Promise<BrokerServer> {
  const { folder = tmpdir(), random = systemRandom, now = Date.now } = options;
  const log = options.log ?? ((line) => void process.stderr.write(`${line}\n`));
  const own = mkdtempSync(join(folder, "sc-"));
  const socket = join(own, "broker");
  const sessions = createSessionBook(now, random);
  const desk: Desk = { broker, sessions, refused: 0 };
  const server = createServer((request, response) => {
    serve(desk, request, response).catch((error: unknown) => {
      log(error instanceof Error ? (error.stack ?? error.name) : "a value was thrown");
      send(response, 200, fail("internal"));
    });
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  // An act may wait for a registry for minutes; its own limits end it.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: socket, backlog: BACKLOG }, resolve);
  });
  chmodSync(socket, 0o600);
  let admitted = 0;
  return {
    socket,
    admit({ project, stack, verbs = ALL_VERBS }) {
      const ticket = sessions.issueTicket({ project, stack, verbs });
      admitted += 1;
      const path = join(own, `ticket-${admitted}`);
      writeFileSync(path, ticket, { mode: 0o600, flag: "wx" });
      return { SUPERCARGO_BROKER_SOCKET: socket, SUPERCARGO_BROKER_TICKET: path };
    },
    refusedTickets: () => desk.refused,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await closed;
      rmSync(own, { recursive: true, force: true });
    },
  };
}

const ALL_VERBS = ["create", "read", "update", "delete"] as const;

interface Desk {
  readonly broker: Pick<Broker, "handle">;
  readonly sessions: SessionBook;
  refused: number;
}

/** Paths of the socket; there are no others, and none takes a verb that {@link REQUIRED_VERBS} does not know. */
export const ROUTES: Readonly<Record<string, "open" | "ask" | "delegate">> = {
  "/v1/sessions": "open",
  "/v1/requests": "ask",
  "/v1/delegations": "delegate",
};

async function serve(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "";
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (request.method !== "POST" || route === undefined)
    return send(response, 404, fail("bad_request"));
  const isKnown = route === "open" || typeof request.headers["supercargo-session"] === "string";
  if (!isKnown) return send(response, 401, fail("session_refused"));
  const body = await readBody(request);
  if (body === undefined) return send(response, 400, fail("bad_request"));
  if (route === "open") return openSession(desk, body, response);
  const caller = desk.sessions.authenticate({ path, body, ...readSignature(request) });
  if (caller === undefined) return send(response, 401, fail("session_refused"));
  const value = parseJson(body);
  if (value === undefined) return send(response, 400, fail("bad_request"));
  if (route === "delegate") return delegate(desk, caller, value, response);
  send(response, 200, await desk.broker.handle(value as BrokerRequest, caller));
}

function openSession(desk: Desk, body: string, response: ServerResponse): void {
  const value = parseJson(body);
  const ticket = String(memberAt(value, "ticket"));
  const session = desk.sessions.open(ticket, String(memberAt(value, "key")));
  if (session === undefined) {
    desk.refused += 1;
    send(response, 401, fail("session_refused"));
  } else send(response, 200, { ok: true, session });
}

function delegate(desk: Desk, caller: Caller, value: unknown, response: ServerResponse): void {
  const wanted = readDelegation(value);
  const given = wanted && desk.sessions.delegate(caller, wanted);
  if (wanted === undefined) send(response, 400, fail("bad_request"));
  else if (given === undefined) send(response, 403, fail("session_refused"));
  else send(response, 200, { ok: true, ...given });
}

function readSignature({ headers }: IncomingMessage): Omit<SignedRequest, "path" | "body"> {
  return {
    session: String(headers["supercargo-session"]),
    nonce: String(headers["supercargo-nonce"]),
    signature: String(headers["supercargo-signature"]),
  };
}

type Admission =
  | { readonly ok: true; readonly session: string }
  | { readonly ok: true; readonly ticket: string; readonly expiresAt: number };

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, answer: BrokerAnswer | Admission): void {
  if (response.headersSent) return void response.destroy();
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  });
  response.end(body);
}
