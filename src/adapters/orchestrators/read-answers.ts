import type { JsonExchange } from "../../util/fetch-json.ts";
import { listAt, memberAt, textAt } from "../../util/json-access.ts";
import { Secret } from "../../util/secret.ts";
import type { AccountCredentials, ResourceAnswer } from "./contract.ts";
import { readSilence } from "./read-silence.ts";

/** Something that is neither yes nor a definite no. */
export interface Failure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
const TOKEN = /^[\x21-\x7e]{8,4096}$/;
const YEARS_TEN_SECONDS = 315_360_000;
/** Statuses that say nothing about whether the act happened. */
const DOUBTFUL = new Set([408, 409, 425, 429]);

/**
 * Reads a failure. `unreachable` is a definite no: nothing was received. Everything without a well-formed error of the
 * protocol (2.7), every 5xx, every redirect and the statuses that a repeat may turn into a yes are unknown.
 */
export function readFailure(exchange: JsonExchange): Failure {
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status, body } = exchange;
  const code = textAt(body, ["error", "code"], CODE) ?? textAt(body, ["error"], CODE);
  const isRedirect = status >= 300 && status <= 399;
  if (
    status >= 500 ||
    isRedirect ||
    DOUBTFUL.has(status) ||
    code === undefined ||
    code === "server_error"
  )
    return { kind: "unknown", code: code ?? "malformed" };
  return { kind: "refused", code };
}

/** The bearer of `credentials.bearer` (2.2) or of `/oauth/token` (2.3); `now` in milliseconds dates the expiry. */
export function readBearer(bearer: unknown, now: number): AccountCredentials | undefined {
  const accessToken = textAt(bearer, ["access_token"], TOKEN);
  const refreshToken = textAt(bearer, ["refresh_token"], TOKEN);
  const accountId = textAt(bearer, ["account", "id"], ID);
  const seconds = memberAt(bearer, "expires_in");
  if (accessToken === undefined || refreshToken === undefined || accountId === undefined)
    return undefined;
  if (typeof seconds !== "number" || !(seconds > 0 && seconds <= YEARS_TEN_SECONDS))
    return undefined;
  return {
    accountId,
    accessToken: new Secret(accessToken),
    refreshToken: new Secret(refreshToken),
    expiresAt: new Date(now + Math.floor(seconds) * 1000).toISOString(),
  };
}

/** One resource's state (2.5). `absent` only for a 404 of the protocol's own form. */
export function readResource(exchange: JsonExchange): ResourceAnswer {
  if (exchange.kind === "failure") return readFailure(exchange);
  const { status, body } = exchange;
  if (status === 404 && textAt(body, ["error", "code"], CODE) !== undefined)
    return { kind: "absent" };
  const id = textAt(body, ["id"], ID);
  const state = memberAt(body, "status");
  if (status < 200 || status > 299 || state === "error") return readFailure(exchange);
  if (id === undefined) return { kind: "unknown", code: "malformed" };
  switch (state) {
    case "complete": {
      const access = readAccess(memberAt(body, "complete", "access_configuration"));
      return access === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "complete", id, access };
    }
    case "pending":
    case "pending_removal":
      return { kind: "pending", id };
    case "needs_information":
      return { kind: "needs-information", id };
    case "removed":
      return { kind: "removed", id };
    default:
      return { kind: "unknown", code: "malformed" };
  }
}

/** The answer to a look: a failure of the look itself says nothing about the resource. */
export function readObservation(exchange: JsonExchange): ResourceAnswer {
  const answer = readResource(exchange);
  if (answer.kind !== "refused") return answer;
  const isAboutResource =
    exchange.kind === "answer" &&
    (exchange.status === 200 || exchange.status === 400) &&
    memberAt(exchange.body, "status") === "error";
  return isAboutResource ? answer : { kind: "unknown", code: answer.code };
}

function readAccess(value: unknown): Readonly<Record<string, Secret>> | undefined {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const access: Record<string, Secret> = {};
  for (const [name, member] of Object.entries(value)) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name) || name === "__proto__") return undefined;
    if (!["string", "number", "boolean"].includes(typeof member)) return undefined;
    access[name] = new Secret(String(member));
  }
  return access;
}

/** True when the health answer names our version. */
export function speaksVersion(exchange: JsonExchange, version: string): boolean {
  if (exchange.kind === "failure" || exchange.status !== 200) return false;
  return (
    memberAt(exchange.body, "status") === "ok" &&
    (listAt(exchange.body, "supported_versions")?.includes(version) ?? false)
  );
}
