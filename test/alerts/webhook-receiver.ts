import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const FIXTURES = join(import.meta.dirname, "fixtures");
export const CERTIFICATE: string = readFileSync(join(FIXTURES, "localhost.crt"), "utf8");
export const PRIVATE_KEY: string = readFileSync(join(FIXTURES, "localhost.key"), "utf8");

export interface ReceivedMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly verdict: "valid" | "replayed" | "forged";
}

/**
 * Judges a message as a receiver would, written from the Standard Webhooks specification alone: at most five minutes old or early, and one of the
 * signatures is HMAC-SHA256 over `id.timestamp.body`, compared in constant time.
 */
export function judgeMessage(
  headers: IncomingHttpHeaders,
  body: string,
  secret: string,
  nowSeconds: number,
): ReceivedMessage["verdict"] {
  const id = String(headers["webhook-id"]);
  const timestamp = String(headers["webhook-timestamp"]);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const isSigned = String(headers["webhook-signature"])
    .split(" ")
    .some((signature) => {
      const [version, base64 = ""] = signature.split(",");
      const given = Buffer.from(base64, "base64");
      return (
        version === "v1" && given.length === expected.length && timingSafeEqual(given, expected)
      );
    });
  if (!isSigned) return "forged";
  return Math.abs(nowSeconds - Number(timestamp)) <= 300 ? "valid" : "replayed";
}

/** What the receiver does with a message that it has judged; default: 200 for a valid one, else 400. */
export type Reaction =
  | "judge"
  | "hang"
  | "drip"
  | "drop"
  | { readonly status: number; readonly location?: string };

export interface Receiver {
  readonly port: number;
  readonly received: readonly ReceivedMessage[];
  /** Ids of valid messages, once each. */
  kept(): readonly string[];
  react(reaction: Reaction): void;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; `now` in seconds. */
export async function startReceiver(
  secret: string,
  now: () => number,
  { tls = false, port = 0 }: { readonly tls?: boolean; readonly port?: number } = {},
): Promise<Receiver> {
  const received: ReceivedMessage[] = [];
  let reaction: Reaction = "judge";
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (reaction === "drop") return void request.socket.destroy();
      if (reaction === "hang") return;
      if (reaction === "drip") {
        const timer = setInterval(() => response.socket?.write("H"), 50);
        return void request.socket.once("close", () => clearInterval(timer));
      }
      const body = Buffer.concat(chunks).toString("utf8");
      const { headers } = request;
      if (reaction !== "judge") {
        const { status, location } = reaction;
        response.writeHead(status, location === undefined ? {} : { location });
        return void response.end("whsec_ in an answer is nobody's business");
      }
      const verdict = judgeMessage(headers, body, secret, now());
      received.push({ headers, body, verdict });
      response.writeHead(verdict === "valid" ? 200 : 400).end();
    });
  };
  const server = tls
    ? createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    kept: () => [
      ...new Set(
        received
          .filter(({ verdict }) => verdict === "valid")
          .map(({ headers }) => String(headers["webhook-id"])),
      ),
    ],
    react: (next) => {
      reaction = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
