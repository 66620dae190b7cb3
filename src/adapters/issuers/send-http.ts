import { setTimeout as sleep } from "node:timers/promises";
import type { Fetch } from "../../util/fetch-json.ts";
import { isNeverSent } from "../../util/is-never-sent.ts";

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** An earlier attempt was sent and may have done it: this answer may be about the repeat alone. */
  readonly isAfterSilence: boolean;
}

/** What a request came to when there is no answer: `refused` means that nothing was received in any attempt. */
export class NoAnswerError extends Error {
  readonly kind: "refused" | "unknown";
  readonly code: "unreachable" | "no_answer" | "too_large";
  constructor(kind: "refused" | "unknown", code: "unreachable" | "no_answer" | "too_large") {
    super(code);
    this.kind = kind;
    this.code = code;
  }
}

export interface SendRules {
  /** Milliseconds for one attempt, default 30,000. */
  readonly timeout?: number | undefined;
  /** Further attempts, the same to the byte, after one without an answer or with a passing fault; default 2. Zero for what must not be repeated. */
  readonly repeats?: number | undefined;
  /** Milliseconds before the first further attempt, doubled with each; default 250. */
  readonly pause?: number | undefined;
  /** Whether an answer says that another attempt may do; default: 429 and 5xx. */
  readonly isPassing?: ((answer: Pick<HttpAnswer, "status" | "headers">) => boolean) | undefined;
}

const BYTES_MAX = 1_048_576;

/** Sends a request that is safe to repeat, for SDKs that leave the transport to us. Throws {@link NoAnswerError}. */
export async function sendHttp(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  rules: SendRules = {},
): Promise<HttpAnswer> {
  const { timeout = 30_000, repeats = 2, pause = 250, isPassing = isOverloaded } = rules;
  let wasSent = false;
  let isAfterSilence = false;
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt >= repeats;
    try {
      const answer = await send(fetch, url, { ...init, signal: AbortSignal.timeout(timeout) });
      wasSent = true;
      if (isLast || !isPassing(answer)) return { ...answer, isAfterSilence };
      isAfterSilence ||= answer.status >= 500;
    } catch (error) {
      if (error instanceof NoAnswerError) throw error;
      const mayHaveArrived = !isNeverSent(error);
      wasSent ||= mayHaveArrived;
      isAfterSilence ||= mayHaveArrived;
      if (isLast)
        throw wasSent
          ? new NoAnswerError("unknown", "no_answer")
          : new NoAnswerError("refused", "unreachable");
    }
    await sleep(pause * 2 ** attempt);
  }
}

async function send(
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<Omit<HttpAnswer, "isAfterSilence">> {
  const response = await fetch(url, { ...init, redirect: "manual" });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > BYTES_MAX) throw new NoAnswerError("unknown", "too_large");
    chunks.push(chunk);
  }
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: new TextDecoder().decode(Buffer.concat(chunks)),
  };
}

function isOverloaded({ status }: Pick<HttpAnswer, "status">): boolean {
  return status === 429 || status >= 500;
}
