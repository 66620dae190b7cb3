import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { readFailure } from "../read-answers.ts";
import type { VendorFailure } from "./vendor.ts";

export interface NeonOptions {
  /** Default `https://claimable.neon.tech`. */
  readonly url?: string | undefined;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

/** A project's credentials are dead. */
export interface Gone {
  readonly kind: "gone";
  /** False while a claim may be under way, which says the same: the project lives, and is back in reach if the person does not finish. */
  readonly isForEver: boolean;
}

/** An access token, or why there is none. */
export type NeonToken = { readonly kind: "token"; readonly token: string } | Gone | VendorFailure;

export interface NeonApi {
  send(
    method: "GET" | "POST" | "DELETE",
    path: string,
    given?: { readonly body?: string | URLSearchParams; readonly token?: string },
  ): Promise<JsonExchange>;
  /** Changes the identity assertion, which lives as long as the project, for a token that lives for minutes. Repeating is harmless. */
  exchange(assertion: string): Promise<NeonToken>;
}

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** Only these say that an identity assertion is dead; every other failure leaves it alone (README of Claimable Neon, "Errors"). */
const DEAD = new Set(["invalid_grant", "project_expired", "project_claimed"]);

/** How Claimable Neon is spoken to. */
export function createNeonApi(options: NeonOptions): NeonApi {
  const { url = "https://claimable.neon.tech", fetch, timeout = 30_000 } = options;
  const send: NeonApi["send"] = (method, path, { body, token } = {}) =>
    fetchJson(
      fetch,
      `${url}${path}`,
      {
        method,
        ...(body === undefined ? {} : { body }),
        headers: {
          Accept: "application/json",
          ...(typeof body === "string" ? { "Content-Type": "application/json" } : {}),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
      },
      timeout,
    );
  return {
    send,
    async exchange(assertion) {
      const body = new URLSearchParams({ grant_type: JWT_BEARER, assertion, resource: `${url}/` });
      const granted = await send("POST", "/v1/oauth2/token", { body });
      if (granted.kind === "failure" || granted.status !== 200) return readNeonFailure(granted);
      const token = textAt(granted.body, ["access_token"], /^[\x21-\x7e]{8,4096}$/);
      return token === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "token", token };
    },
  };
}

/** Reads a failure: an error in the form `{error: {code}}`, whose code tells more than the status (a conflict that a repeat cannot settle is a claim). */
export function readNeonFailure(exchange: JsonExchange): Gone | VendorFailure {
  const failure = readFailure(exchange);
  const isNo = exchange.kind === "answer" && exchange.status >= 400 && exchange.status <= 499;
  return isNo && DEAD.has(failure.code)
    ? { kind: "gone", isForEver: failure.code !== "invalid_grant" }
    : failure;
}
