import { existsSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import { fromPlain } from "../../src/broker/plain-value.ts";
import { describeStep } from "../../src/broker/steps.ts";
import { connectWorld } from "../broker/fakes/remote-world.ts";
import { CONNECTION, requests } from "../broker/fakes/requests.ts";
import type { ReplicaOrder } from "./replica-order.ts";

/** A program of its own: one replica of a broker, which buys what its order says and writes the code of each answer as a line. */
const order = fromPlain(JSON.parse(readFileSync(0, "utf8"))) as ReplicaOrder;
const { account, payment, wishes, gate, patience = 0 } = order;
let now = 0;
const clock = {
  now: () => now,
  sleep: async (milliseconds: number) => {
    now += milliseconds;
  },
};

let broker = await open();
for (const wish of wishes) {
  now = wish.at ?? 0;
  for (let tries = 0; ; tries++) {
    const answer = await ask(wish.domain);
    if (tries < patience && (answer === "stale_writer" || answer === "outcome_unknown")) {
      // Another replica has taken over: this one takes over again, as a restarted one would.
      await sleep(Math.random() * Math.min(4_000, 250 * 2 ** tries));
      if (typeof broker !== "string") await broker.close();
      broker = await open();
      continue;
    }
    writeSync(1, `${answer}\n`);
    break;
  }
}
if (typeof broker !== "string") await broker.close();

async function ask(domain: string): Promise<string> {
  if (typeof broker === "string") return broker;
  const inputs = { domain, maxPrice: order.maxPrice ?? "100.00 USD" };
  const name = domain.replace(/\..*$/, "");
  const answer = await broker.handle(requests.domain(account, payment, inputs, name));
  return answer.ok ? "ok" : answer.code;
}

async function open(): Promise<Broker | string> {
  now = wishes[0]?.at ?? 0;
  const { home, postgres, seenPath, limits, book } = order;
  const result = await createBroker({
    ...{ home, postgres, seenPath, limits, connection: CONNECTION, permits: () => true },
    clock: wishes[0]?.at === undefined ? systemClock : clock,
    ...connectWorld(book),
    timing: { absencePause: 1, pollFirst: 1 },
    observer: {
      async observe(step) {
        if (gate === undefined || describeStep(step) !== gate.step) return;
        if (gate.isDeadly) process.kill(process.pid, "SIGKILL");
        writeFileSync(`${gate.file}.reached`, "");
        while (!existsSync(`${gate.file}.open`)) await sleep(10);
      },
    },
  });
  if (result.ok) return result.broker;
  return result.code;
}
