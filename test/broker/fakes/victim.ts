import { appendFileSync, readFileSync } from "node:fs";
import { createBroker } from "../../../src/broker/broker.ts";
import { describeStep } from "../../../src/broker/steps.ts";
import { connectWorld } from "./remote-world.ts";
import { CONNECTION, grant, LIMITS, requests } from "./requests.ts";

/** Asks for a small stack and kills itself at the first step that it was not killed at before and that `only` wants. */
const [home = "", url = "", struck = "", only = ""] = process.argv.slice(2);
const before = new Set(readFileSync(struck, "utf8").split("\n"));
const opened = await createBroker({
  home,
  connection: CONNECTION,
  limits: LIMITS,
  permits: () => true,
  timing: { absencePause: 1 },
  ...connectWorld(url),
  observer: {
    async observe(step) {
      const name = describeStep(step);
      if (before.has(name) || !new RegExp(only).test(name)) return;
      appendFileSync(struck, `${name}\n`);
      process.kill(process.pid, "SIGKILL");
    },
  },
});
if (!opened.ok) throw new Error(opened.code);
const { broker } = opened;
const { accountId } = (await grant(broker, requests.account())).outputs;
const { id } = await grant(broker, requests.payment(accountId));
await grant(broker, requests.domain(accountId, id));
await grant(broker, requests.access(accountId));
await broker.close();
process.stdout.write("whole\n");
