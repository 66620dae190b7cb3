import { isNeverSent } from "./is-never-sent.ts";

/** The part of the platform's `fetch` that we use; passed in, so that tests and sandboxes can stand in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Why there is no usable answer. Only after `unreachable` is it certain that nothing was received. */
export type ExchangeFailure = "unreachable" | "timeout" | "broken" | "malformed" | "too_large";

export type JsonExchange =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "failure"; readonly failure: ExchangeFailure };

const BODY_BYTES_MAX = 1_048_576;

/**
 * One HTTP exchange with a JSON answer. Never throws for what the other side does; follows no redirect; reads at most 1 MiB.
 * `body` is undefined for an empty answer. `timeout` in milliseconds covers the answer's body, too.
 */
export async function fetchJson(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  timeout: number,
): Promise<JsonExchange> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const text = await readText(response);
    if (text === undefined) return { kind: "failure", failure: "too_large" };
    if (text === "") return { kind: "answer", status: response.status, body: undefined };
    return { kind: "answer", status: response.status, body: JSON.parse(text) };
  } catch (error) {
    return { kind: "failure", failure: classify(error) };
  }
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function classify(error: unknown): ExchangeFailure {
  if (!(error instanceof Error)) return "broken";
  if (error instanceof SyntaxError) return "malformed";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
  return isNeverSent(error) ? "unreachable" : "broken";
}
