import { timingSafeEqual } from "node:crypto";
import type { Books } from "./books.ts";
import type { SandboxClock } from "./clock.ts";
import { logIn, type SandboxConnection } from "./connection.ts";
import type { SandboxContext } from "./context.ts";
import type { Faults } from "./faults.ts";
import { readSession } from "./orchestrator/create-orchestrator.ts";
import { ORCHESTRATOR_IDS } from "./orchestrator/identities.ts";
import { revokeCredentials } from "./providers/bearer-credentials.ts";
import { changeProviderSettings, readProviderSettings } from "./providers/provider-settings.ts";
import { readFaultRule } from "./read-fault-rule.ts";

/** A seller's side of the issuer, for tests that play the provider. */
export interface SellerEntry {
  readonly profile: string;
  readonly secretKey: string;
  /** For `GET /v2/provisioning/public_keys`, by orchestrator. */
  readonly orchestratorTokens: Readonly<Record<string, string>>;
}

interface Parts {
  readonly adminToken: string;
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly openBooks: () => Books;
  readonly connection: SandboxConnection;
  readonly listSellers: () => Readonly<Record<string, SellerEntry>>;
}

/**
 * The control surface `/sandbox/*`, for whoever holds the admin token (header `x-sandbox-admin`). Answers undefined for a path it does not know, so that another
 * surface may; without the token everything is 401.
 */
export async function handleAdmin(
  context: SandboxContext,
  parts: Parts,
  request: Request,
  url: URL,
): Promise<Response | undefined> {
  if (!isSame(request.headers.get("x-sandbox-admin") ?? "", parts.adminToken))
    return Response.json({ error: "x-sandbox-admin is missing or wrong" }, { status: 401 });
  const route = `${request.method} ${url.pathname}`;
  switch (route) {
    case "GET /sandbox/health":
      return Response.json({ ok: true, pid: process.pid, now: printTime(parts.clock) });
    case "GET /sandbox/books":
      return Response.json(parts.openBooks());
    case "GET /sandbox/connection":
      return Response.json(logIn(parts.connection, url.searchParams.get("person")));
    case "GET /sandbox/sellers":
      return Response.json(parts.listSellers());
    case "GET /sandbox/faults":
      return Response.json({ faults: parts.faults.list() });
    case "DELETE /sandbox/faults":
      parts.faults.clear();
      return Response.json({ faults: [] });
    case "GET /sandbox/clock":
      return Response.json({ now: printTime(parts.clock), offsetMs: parts.clock.offset() });
  }
  if (route === "POST /sandbox/faults") return addFault(parts.faults, await readJson(request));
  if (route === "POST /sandbox/clock") return moveClock(parts.clock, await readJson(request));
  const revoking = /^\/sandbox\/providers\/([^/]+)\/revocations$/.exec(url.pathname)?.[1];
  if (request.method === "POST" && revoking !== undefined)
    return Response.json({ revoked: revokeCredentials(context, decodeURIComponent(revoking)) });
  const provider = /^\/sandbox\/providers\/([^/]+)$/.exec(url.pathname)?.[1];
  if (provider !== undefined) return handleSettings(context, request, provider, parts.connection);
  const [, id, state] =
    /^\/sandbox\/orchestrators\/([\w-]+)\/sessions\/([^/]+)$/.exec(url.pathname) ?? [];
  const orchestrator = ORCHESTRATOR_IDS.find((known) => known === id);
  if (orchestrator === undefined || state === undefined) return undefined;
  return Response.json(readSession(context, orchestrator, decodeURIComponent(state)));
}

function addFault(faults: Faults, body: unknown): Response {
  const rule = readFaultRule(body);
  return "problem" in rule
    ? refuse(rule.problem)
    : Response.json(faults.add(rule), { status: 201 });
}

/** `{"advanceMs": n}`, `{"now": "<RFC 3339>"}` or `{"offsetMs": n}`. */
function moveClock(clock: SandboxClock, body: unknown): Response {
  const { advanceMs, now, offsetMs } = (body ?? {}) as Record<string, unknown>;
  const moment = typeof now === "string" ? Date.parse(now) : Number.NaN;
  if (Number.isSafeInteger(advanceMs)) clock.advance(advanceMs as number);
  else if (Number.isSafeInteger(offsetMs)) clock.advance((offsetMs as number) - clock.offset());
  else if (!Number.isNaN(moment)) clock.set(moment);
  else return refuse("the body is {advanceMs}, {offsetMs} or {now}");
  return Response.json({ now: printTime(clock), offsetMs: clock.offset() });
}

async function handleSettings(
  context: SandboxContext,
  request: Request,
  name: string,
  connection: SandboxConnection,
): Promise<Response> {
  const provider = decodeURIComponent(name);
  if (connection.providers[provider] === undefined)
    return Response.json({ error: "no such provider" }, { status: 404 });
  if (request.method === "GET") return Response.json(readProviderSettings(context, provider));
  const settings = changeProviderSettings(context, provider, await readJson(request));
  return "problem" in settings ? refuse(settings.problem) : Response.json(settings);
}

function refuse(problem: string): Response {
  return Response.json({ error: problem }, { status: 400 });
}

function printTime(clock: SandboxClock): string {
  return new Date(clock.now()).toISOString();
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
