import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { addForwarded } from "./add-forwarded.ts";

/** How long an app that is starting is waited for, milliseconds; what the proxy's `lb_try_duration` says. */
const PATIENCE_MS = 25_000;
const RETRY_MS = 100;

/** Hands a request to an app on this machine and its answer back. An app that does not listen yet is waited for, and then it is 502. */
export async function forwardUpstream(
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const outcome = await tryOnce(port, incoming, outgoing);
    if (outcome === "done" || outgoing.destroyed) return;
    if (performance.now() > end) {
      outgoing.writeHead(502, { "content-type": "text/plain; charset=utf-8" });
      return void outgoing.end("the app does not answer\n");
    }
    await sleep(RETRY_MS);
  }
}

function tryOnce(
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<"done" | "refused"> {
  return new Promise((resolve) => {
    const upstream = request({
      ...{ host: "127.0.0.1", port, method: incoming.method, path: incoming.url },
      headers: addForwarded(incoming.headers),
      agent: false,
    });
    const onClose = () => {
      upstream.destroy();
      resolve("done");
    };
    outgoing.once("close", onClose);
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" && !outgoing.headersSent) {
        // The next try listens for itself.
        outgoing.off("close", onClose);
        return resolve("refused");
      }
      outgoing.destroy();
      resolve("done");
    });
    // The body is only read once somebody is there to take it.
    upstream.on("socket", (socket) =>
      socket.once("connect", () => {
        incoming.pipe(upstream);
      }),
    );
    upstream.on("response", (response) => {
      const {
        connection: _,
        "keep-alive": __,
        "transfer-encoding": ___,
        ...rest
      } = response.headers;
      // What is left of an upload that the app does not want would stand before the next request.
      if (!incoming.complete) outgoing.shouldKeepAlive = false;
      outgoing.writeHead(response.statusCode ?? 502, rest);
      response.on("close", () => {
        if (!response.complete) outgoing.destroy();
      });
      response.pipe(outgoing);
    });
  });
}
