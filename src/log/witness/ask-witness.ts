import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** What a witness answered. */
export interface WitnessReply {
  readonly status: number;
  readonly body: string;
}

/** How a witness is reached, and the key that its cosignatures are checked with. */
export interface WitnessLink {
  readonly verifierKey: string;
  /** Undefined when there was no answer. */
  addCheckpoint(body: string): Promise<WitnessReply | undefined>;
}

/** Milliseconds that a witness may take. */
const TIMEOUT_MS = 10_000;
const REPLY_BYTES_MAX = 65_536;

/** One `POST add-checkpoint`, over a Unix socket or to a submission prefix. Never throws for what the other side does. */
export function postCheckpoint(
  target: { readonly socket: string } | { readonly url: string },
  body: string,
): Promise<WitnessReply | undefined> {
  const options = {
    method: "POST",
    headers: { "Content-Type": "text/plain; charset=utf-8" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  return new Promise((resolve) => {
    const give = (): void => resolve(undefined);
    const read = (response: import("node:http").IncomingMessage): void => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > REPLY_BYTES_MAX) response.destroy();
        else chunks.push(chunk);
      });
      response.once("error", give).once("close", give);
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
      });
    };
    try {
      const sent =
        "socket" in target
          ? requestHttp({ ...options, socketPath: target.socket, path: "/add-checkpoint" }, read)
          : openUrl(target.url, options, read);
      sent.once("error", give);
      sent.end(body);
    } catch {
      give();
    }
  });
}

function openUrl(
  prefix: string,
  options: import("node:http").RequestOptions,
  read: (response: import("node:http").IncomingMessage) => void,
) {
  const url = new URL("add-checkpoint", prefix.endsWith("/") ? prefix : `${prefix}/`);
  return (url.protocol === "https:" ? requestHttps : requestHttp)(url, options, read);
}
