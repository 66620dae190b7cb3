import type { ExchangeFailure, Fetch } from "./fetch-json.ts";
import { isNeverSent } from "./is-never-sent.ts";

export type TextExchange =
  | { readonly kind: "answer"; readonly status: number; readonly text: string }
  | { readonly kind: "failure"; readonly failure: Exclude<ExchangeFailure, "malformed"> };

const BODY_BYTES_MAX = 1_048_576;

/**
 * One HTTP exchange whose answer is text. Never throws for what the other side does; follows no redirect; reads at most 1 MiB. `timeout` in milliseconds covers the
 * answer's body, too.
 */
export async function fetchText(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  timeout: number,
): Promise<TextExchange> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const text = await readText(response);
    return text === undefined
      ? { kind: "failure", failure: "too_large" }
      : { kind: "answer", status: response.status, text };
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

function classify(error: unknown): "timeout" | "unreachable" | "broken" {
  if (!(error instanceof Error)) return "broken";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
  return isNeverSent(error) ? "unreachable" : "broken";
}
