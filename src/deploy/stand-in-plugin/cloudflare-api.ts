import { setTimeout as sleep } from "node:timers/promises";

export interface ApiConfig {
  readonly apiToken: string;
  /** Without a final slash. */
  readonly baseUrl: string;
}

export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, from the first slash. */
  readonly path: string;
  readonly body?: unknown;
  readonly form?: FormData | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A call that did not succeed. The message holds method, path, status and Cloudflare's numeric codes, nothing of the answer's text. */
export class ApiError extends Error {
  readonly status: number;

  constructor({ method, path }: ApiCall, status: number, codes: readonly number[]) {
    const suffix = codes.length > 0 ? ` (Cloudflare ${codes.join(", ")})` : "";
    super(
      `${method} ${path} was answered with ${status === 0 ? "no connection" : status}${suffix}`,
    );
    this.name = "ApiError";
    this.status = status;
  }
}

interface Envelope {
  readonly success?: boolean | undefined;
  readonly result?: unknown;
  readonly errors?: readonly { readonly code?: number | undefined }[] | undefined;
}

const ATTEMPTS = 4;
const RETRIED = new Set([0, 408, 429, 500, 502, 503, 504]);

/**
 * One call of the Cloudflare API; answers with the envelope's `result`. Repeats after passing faults, with growing pauses from 0.25 s, what is
 * harmless to repeat: every method but POST, and POST only after 429, which is answered before anything happens.
 */
export async function callCloudflare(config: ApiConfig, call: ApiCall): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await callOnce(config, call);
    } catch (error) {
      const isPassing = error instanceof ApiError && RETRIED.has(error.status);
      const isHarmless =
        call.method !== "POST" || (error instanceof ApiError && error.status === 429);
      if (!isPassing || !isHarmless || attempt === ATTEMPTS) throw error;
      await sleep(250 * 2 ** (attempt - 1));
    }
  }
}

/** The same for something that may not be there: undefined after a 404. */
export async function callUnlessGone(config: ApiConfig, call: ApiCall): Promise<unknown> {
  try {
    return (await callCloudflare(config, call)) ?? {};
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

async function callOnce({ apiToken, baseUrl }: ApiConfig, call: ApiCall): Promise<unknown> {
  const isJson = call.body !== undefined;
  const response = await fetch(`${baseUrl}${call.path}`, {
    method: call.method,
    headers: {
      authorization: `Bearer ${apiToken}`,
      ...(isJson && { "content-type": "application/json" }),
      ...call.headers,
    },
    body: isJson ? JSON.stringify(call.body) : (call.form ?? null),
    signal: AbortSignal.timeout(120_000),
  }).catch(() => {
    throw new ApiError(call, 0, []);
  });
  const envelope = (await response.json().catch(() => undefined)) as Envelope | undefined;
  if (!response.ok || envelope?.success === false) {
    const codes = (envelope?.errors ?? []).flatMap(({ code }) =>
      typeof code === "number" ? [code] : [],
    );
    throw new ApiError(call, response.status, codes);
  }
  return envelope?.result;
}
