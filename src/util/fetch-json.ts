import { fetchText } from "./fetch-text.ts";

/** The part of the platform's `fetch` that we use; passed in, so that tests and sandboxes can stand in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Why there is no usable answer. Only after `unreachable` is it certain that nothing was received. */
export type ExchangeFailure = "unreachable" | "timeout" | "broken" | "malformed" | "too_large";

export type JsonExchange =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "failure"; readonly failure: ExchangeFailure };

/** {@link fetchText} with a JSON answer; `body` is undefined for an empty one. */
export async function fetchJson(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  timeout: number,
): Promise<JsonExchange> {
  const exchange = await fetchText(fetch, url, init, timeout);
  if (exchange.kind === "failure") return exchange;
  const { status, text } = exchange;
  if (text === "") return { kind: "answer", status, body: undefined };
  try {
    return { kind: "answer", status, body: JSON.parse(text) };
  } catch {
    return { kind: "failure", failure: "malformed" };
  }
}
