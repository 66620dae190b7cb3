import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { readSilence } from "../read-silence.ts";

export interface ApiPlace {
  /** `https://api.cloudflare.com/client/v4` */
  readonly endpoint: string;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

/** A result, or why there is none. Only `refused` is certain. */
export type ApiAnswer =
  | { readonly kind: "ok"; readonly result: unknown }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

/** One call of Cloudflare's API and its envelope `{success, errors[{code}], result}`. A code is `cloudflare_<number>`. */
export async function callApi(
  place: ApiPlace,
  method: "GET" | "POST",
  path: string,
  options: {
    readonly token?: Secret | undefined;
    readonly body?: object | undefined;
    readonly key?: string | undefined;
  } = {},
): Promise<ApiAnswer> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.token !== undefined) headers.Authorization = `Bearer ${options.token.reveal()}`;
  if (options.key !== undefined) headers["Idempotency-Key"] = options.key;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit =
    options.body === undefined
      ? { method, headers }
      : { method, headers, body: JSON.stringify(options.body) };
  const url = `${place.endpoint.replace(/\/$/, "")}${path}`;
  return readEnvelope(await fetchJson(place.fetch, url, init, place.timeout ?? 30_000));
}

function readEnvelope(exchange: JsonExchange): ApiAnswer {
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status, body } = exchange;
  if (status < 300 && memberAt(body, "success") === true)
    return { kind: "ok", result: memberAt(body, "result") };
  const number = memberAt(listAt(body, "errors")?.[0], "code");
  const isClear = status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status);
  if (!isClear || typeof number !== "number") return { kind: "unknown", code: "malformed" };
  return {
    kind: "refused",
    code: status === 401 || status === 403 ? "unauthorized" : `cloudflare_${number}`,
  };
}

/** The e-mail address of the person that a token belongs to; only `user-details.read` shows it. */
export async function readEmail(place: ApiPlace, token: Secret): Promise<string | ApiAnswer> {
  const answer = await callApi(place, "GET", "/user", { token });
  if (answer.kind !== "ok") return answer;
  return textAt(answer.result, ["email"])?.toLowerCase() ?? { kind: "unknown", code: "malformed" };
}

/** Ids of the accounts that a token reaches, all of them or those of a name. */
export async function listAccounts(
  place: ApiPlace,
  token: Secret,
  name?: string,
): Promise<readonly string[] | ApiAnswer> {
  const query = new URLSearchParams({ per_page: "50", ...(name === undefined ? {} : { name }) });
  const answer = await callApi(place, "GET", `/accounts?${query}`, { token });
  if (answer.kind !== "ok") return answer;
  const rows = Array.isArray(answer.result) ? answer.result : undefined;
  const ids = rows?.map((row) => textAt(row, ["id"], /^[0-9a-f]{32}$/));
  if (ids === undefined || ids.some((id) => id === undefined))
    return { kind: "unknown", code: "malformed" };
  return ids.filter((id) => id !== undefined);
}
