import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { memberAt } from "../util/json-access.ts";
import { parseJson } from "../util/parse-json.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import type { BrokerAnswer, BrokerRequest, LeaseKind } from "./protocol.ts";
import { type DelegationRequest, signingInput } from "./session.ts";

/** Longer than any act may take by the broker's own limits. */
const TIMEOUT_MS = 1_200_000;
const ANSWER_BYTES_MAX = 1_048_576;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Asks the broker that `SUPERCARGO_BROKER_SOCKET` and `SUPERCARGO_BROKER_TICKET` name. Asks once: repeating is up to the caller's next run, which
 * the broker recognises. Never throws; without a broker the answer is the failure `broker_not_running`.
 */
export async function callBroker<K extends LeaseKind>(
  request: BrokerRequest<K>,
  env: Environment = process.env,
): Promise<BrokerAnswer<K>> {
  const answer = await ask(env, "/v1/requests", JSON.stringify(request));
  return isAnswer(answer) ? (answer as BrokerAnswer<K>) : fail("broker_unreachable");
}

/**
 * Asks for a sub-agent's share of what this process may do. The answer is the environment for the sub-agent's own process, which may use it once,
 * and the end of its time.
 */
export async function delegateSession(
  request: DelegationRequest,
  env: Environment = process.env,
): Promise<
  { readonly ok: true; readonly env: Environment; readonly expiresAt: number } | BrokerFailure
> {
  const answer = await ask(env, "/v1/delegations", JSON.stringify(request));
  const ticket = memberAt(answer, "ticket");
  const expiresAt = memberAt(answer, "expiresAt");
  if (typeof ticket !== "string" || typeof expiresAt !== "number")
    return isAnswer(answer) && memberAt(answer, "ok") === false
      ? (answer as BrokerFailure)
      : fail("broker_unreachable");
  const { SUPERCARGO_BROKER_SOCKET = "" } = env;
  const path = join(dirname(SUPERCARGO_BROKER_SOCKET), `ticket-${randomUUID()}`);
  writeFileSync(path, ticket, { mode: 0o600, flag: "wx" });
  return { ok: true, env: { SUPERCARGO_BROKER_SOCKET, SUPERCARGO_BROKER_TICKET: path }, expiresAt };
}

/** What makes this process itself to the broker; the key never leaves it. */
interface Session {
  readonly id: string;
  readonly key: KeyObject;
}

/** By the ticket's path: a ticket is good for one session, so the process keeps it. */
const sessions = new Map<string, Promise<Session | BrokerFailure>>();

async function ask(env: Environment, path: string, body: string): Promise<unknown> {
  const socket = env.SUPERCARGO_BROKER_SOCKET ?? "";
  const ticket = env.SUPERCARGO_BROKER_TICKET ?? "";
  if (socket === "" || ticket === "") return fail("broker_not_running");
  const opening = sessions.get(ticket) ?? openSession(socket, ticket);
  sessions.set(ticket, opening);
  const session = await opening;
  if ("ok" in session) return session;
  const nonce = randomUUID();
  const input = signingInput({ path, session: session.id, nonce, body });
  const signature = sign(null, input, session.key).toString("base64url");
  return exchange(socket, path, body, {
    "Supercargo-Session": session.id,
    "Supercargo-Nonce": nonce,
    "Supercargo-Signature": signature,
  });
}

async function openSession(socket: string, path: string): Promise<Session | BrokerFailure> {
  const ticket = takeTicket(path);
  if (ticket === undefined)
    return fail(existsSync(socket) ? "session_refused" : "broker_not_running");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "jwk" }).x;
  const answer = await exchange(socket, "/v1/sessions", JSON.stringify({ ticket, key }), {});
  const id = memberAt(answer, "session");
  if (typeof id === "string") return { id, key: privateKey };
  return isAnswer(answer) ? (answer as BrokerFailure) : fail("broker_unreachable");
}

/** Whoever reads the file removes it, so that nobody finds it after. */
function takeTicket(path: string): string | undefined {
  try {
    const ticket = readFileSync(path, "utf8");
    rmSync(path, { force: true });
    return ticket;
  } catch {
    return undefined;
  }
}

/** The broker's answer as JSON; a failure of ours when there is none. While too many others wait at the socket nothing was sent, and this one waits, too. */
async function exchange(
  socketPath: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const answer = await exchangeOnce(socketPath, path, body, headers);
    if (answer !== CROWDED) return answer;
    if (tries === CROWDED_TRIES) return fail("broker_unreachable");
    await sleep(CROWDED_PAUSE_MS * (0.5 + Math.random()));
  }
}

/** The socket's queue is full. */
const CROWDED = Symbol("crowded");
const CROWDED_TRIES = 600;
const CROWDED_PAUSE_MS = 100;

function exchangeOnce(
  socketPath: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  return new Promise((resolve) => {
    const outgoing = httpRequest(
      {
        socketPath,
        path,
        method: "POST",
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...headers,
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_BYTES_MAX) outgoing.destroy();
        });
        response.on("end", () => resolve(parseJson(text)));
        response.on("error", () => resolve(undefined));
        response.on("close", () => resolve(undefined));
      },
    );
    outgoing.on("error", (error) => {
      const code = memberAt(error, "code");
      if (code === "EAGAIN") return resolve(CROWDED);
      const isAbsent = code === "ENOENT" || code === "ECONNREFUSED";
      resolve(fail(isAbsent ? "broker_not_running" : "broker_unreachable"));
    });
    outgoing.end(body);
  });
}

function isAnswer(answer: unknown): boolean {
  const ok = memberAt(answer, "ok");
  if (ok === false)
    return (
      typeof memberAt(answer, "code") === "string" &&
      typeof memberAt(answer, "message") === "string"
    );
  if (ok !== true) return false;
  return (
    memberAt(answer, "gone") === true ||
    (typeof memberAt(answer, "id") === "string" && typeof memberAt(answer, "outputs") === "object")
  );
}
