import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import type { Address } from "./read-address.ts";

/** A connection that is kept alive would keep the process for another five seconds. */
const IDLE_SWEEP_MS = 50;

export interface Listener {
  readonly port: number;
  /** Takes no more connections; those there are close after the answer they wait for. */
  close(): Promise<void>;
}

/** Serves HTTP; rejects where the address or its port cannot be had. */
export function listen(
  answer: (request: Request) => Response | PromiseLike<Response>,
  { host, port }: Address,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: answer, hostname: host, port }, () =>
      resolve({ port: (server.address() as AddressInfo).port, close: () => close(server) }),
    );
    server.once("error", reject);
  });
}

async function close(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  const sweep = setInterval(() => {
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  }, IDLE_SWEEP_MS);
  await closed;
  clearInterval(sweep);
}
