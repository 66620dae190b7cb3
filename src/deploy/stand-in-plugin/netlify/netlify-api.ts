import { setTimeout as sleep } from "node:timers/promises";
import { parseJson } from "../../../util/parse-json.ts";
import { readLimitWait } from "./read-limit-wait.ts";

/** Who calls Netlify's API, and where it is. */
export interface NetlifyConfig {
  /** A personal access token. */
  readonly token: string;
  /** Without a final slash: `https://api.netlify.com/api/v1`. */
  readonly baseUrl: string;
  /** The slug of the team in which sites are made; undefined where nobody named one. */
  readonly account: string | undefined;
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
  /** After a 429: how long to wait, milliseconds. */
  readonly waitMs: number | undefined;

  constructor({ method, path }: NetlifyCall, status: number, waitMs?: number) {
    super(`${method} ${path} was answered with ${status === 0 ? "no connection" : status}`);
    this.name = "NetlifyError";
    this.status = status;
    this.waitMs = waitMs;
  }
}

const ATTEMPTS = 4;
const RETRIED = new Set([0, 408, 500, 502, 503, 504]);
/** The longest that one call waits for limits, which are per minute. */
const LIMIT_MS = 90_000;

/**
 * One call of Netlify's API; answers with its JSON, or undefined where there is none. Repeats after passing faults, with growing pauses from 0.25 s, what is harmless to
 * repeat: every method but POST. After 429, which is answered before anything happens, every method waits as long as the answer says, 90 s in all.
 */
export async function callNetlify(config: NetlifyConfig, call: NetlifyCall): Promise<unknown> {
  let faults = 0;
  let waitedMs = 0;
  for (;;) {
    try {
      return await callOnce(config, call);
    } catch (error) {
      if (!(error instanceof NetlifyError)) throw error;
      if (error.waitMs !== undefined) {
        waitedMs += error.waitMs;
        if (waitedMs > LIMIT_MS) throw error;
        await sleep(error.waitMs);
        continue;
      }
      faults += 1;
      if (!RETRIED.has(error.status) || call.method === "POST" || faults === ATTEMPTS) throw error;
      await sleep(250 * 2 ** (faults - 1));
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
  if (response.status === 429)
    throw new NetlifyError(call, 429, readLimitWait(response.headers, Date.now()));
  if (!response.ok) throw new NetlifyError(call, response.status);
  return parseJson(text);
}
