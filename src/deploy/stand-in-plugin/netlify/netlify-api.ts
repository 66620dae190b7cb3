import { setTimeout as sleep } from "node:timers/promises";

/** Who calls Netlify's API, and where it is. */
export interface NetlifyConfig {
  /** A personal access token. */
  readonly token: string;
  /** Without a final slash: `https://api.netlify.com/api/v1`. */
  readonly baseUrl: string;
}

export interface NetlifyCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, from the first slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In place of `body`. */
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
}

/** A call that did not succeed. The message holds method, path and status, nothing of the answer's text. */
export class NetlifyError extends Error {
  readonly status: number;

  constructor({ method, path }: NetlifyCall, status: number) {
    super(`${method} ${path} was answered with ${status === 0 ? "no connection" : status}`);
    this.name = "NetlifyError";
    this.status = status;
  }
}

const ATTEMPTS = 4;
const RETRIED = new Set([0, 408, 429, 500, 502, 503, 504]);

/**
 * One call of Netlify's API; answers with its JSON, or undefined where there is none. Repeats after passing faults, with growing pauses from 0.25 s, what is harmless to
 * repeat: every method but POST, and POST only after 429, which is answered before anything happens.
 */
export async function callNetlify(config: NetlifyConfig, call: NetlifyCall): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await callOnce(config, call);
    } catch (error) {
      const status = error instanceof NetlifyError ? error.status : undefined;
      const isPassing = status !== undefined && RETRIED.has(status);
      const isHarmless = call.method !== "POST" || status === 429;
      if (!isPassing || !isHarmless || attempt === ATTEMPTS) throw error;
      await sleep(250 * 2 ** (attempt - 1));
    }
  }
}

async function callOnce({ token, baseUrl }: NetlifyConfig, call: NetlifyCall): Promise<unknown> {
  const { method, path, body, bytes } = call;
  const payload = bytes ?? (body === undefined ? null : JSON.stringify(body));
  const type = bytes === undefined ? "application/json" : "application/octet-stream";
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(payload !== null && { "content-type": type }),
    },
    body: payload,
    redirect: "error",
    signal: AbortSignal.timeout(120_000),
  }).catch(() => {
    throw new NetlifyError(call, 0);
  });
  const text = await response.text().catch(() => {
    throw new NetlifyError(call, 0);
  });
  if (!response.ok) throw new NetlifyError(call, response.status);
  return parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
