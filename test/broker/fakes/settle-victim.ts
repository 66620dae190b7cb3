import { createBroker } from "../../../src/broker/broker.ts";
import { listDoubts } from "../../../src/broker/doubts/list-doubts.ts";
import { readHome } from "../../../src/broker/read-home.ts";
import { describeStep } from "../../../src/broker/steps.ts";
import { connectWorld } from "./remote-world.ts";
import { CONNECTION, LIMITS } from "./requests.ts";

/** Settles the home's only doubt as happened, for 10.00 USD, and kills itself at a step. */
const [home = "", url = "", now = "", fatal = ""] = process.argv.slice(2);
const clock = { now: () => Number(now), sleep: async () => undefined };
const opened = await createBroker({
  home,
  connection: CONNECTION,
  limits: LIMITS,
  permits: () => true,
  clock,
  ...connectWorld(url),
  observer: {
    async observe(step) {
      if (describeStep(step) === fatal) process.kill(process.pid, "SIGKILL");
    },
  },
});
if (!opened.ok) throw new Error(opened.code);
const [doubt] = (await readHome({ home }, LIMITS, listDoubts, clock)) ?? [];
const settled = await opened.broker.settleDoubt(doubt?.act ?? "", {
  kind: "happened",
  amount: { currency: "USD", minor: 1_000n },
  confirm: async () => true,
});
await opened.broker.close();
process.stdout.write("kind" in settled ? settled.kind : settled.code);
