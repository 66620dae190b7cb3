import { createServer, get, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { forwardUpstream } from "../../../src/sandbox/data-plane/forward-upstream.ts";
import { listen, probePort } from "../../../src/sandbox/listen.ts";

/** What happens by itself may take long on a busy machine. */
const SOON = { timeout: 15_000 };

/** A server in front of `port`, and what it answers to last. */
async function openFront(port: number) {
  let last: ServerResponse | undefined;
  let done: Promise<void> | undefined;
  const front = createServer((incoming, outgoing) => {
    last = outgoing;
    done = forwardUpstream(port, incoming, outgoing);
  });
  await listen(front, 0);
  onTestFinished(() => void front.close());
  return { port: (front.address() as AddressInfo).port, last: () => last, done: () => done };
}

it("waits for an app that starts without listening once more for each try", async () => {
  const port = await probePort(0);
  const front = await openFront(port);
  const answered = fetch(`http://127.0.0.1:${front.port}/x`, { headers: { connection: "close" } });
  await expect.poll(front.last, SOON).toBeDefined();
  const atFirst = front.last()?.listenerCount("close") ?? 0;
  await sleep(500);
  expect(front.last()?.listenerCount("close")).toBeLessThanOrEqual(atFirst + 1);
  const app = createServer((incoming, outgoing) => void outgoing.end(`at ${incoming.url}`));
  await listen(app, port);
  onTestFinished(() => void app.close());
  expect(await (await answered).text()).toBe("at /x");
});

it("waits no longer than its client", async () => {
  const front = await openFront(await probePort(0));
  const request = get(`http://127.0.0.1:${front.port}/`).on("error", () => undefined);
  await expect.poll(front.last, SOON).toBeDefined();
  request.destroy();
  await expect.poll(() => front.last()?.destroyed, SOON).toBe(true);
  // The app that never comes would be waited for twice as long.
  const waited = await Promise.race([front.done()?.then(() => "ended"), sleep(12_000)]);
  expect(waited).toBe("ended");
});
