import { readFileSync } from "node:fs";
import { createBroker } from "../../src/broker/broker.ts";
import { describeStep } from "../../src/broker/steps.ts";
import { LIMITS, requests } from "./fakes/requests.ts";

/** Asks for an account through two orchestrators of a sandbox and kills itself at a step; prints every step otherwise. */
const [home = "", connectionFile = "", principal = "", dies = ""] = process.argv.slice(2);
const opened = await createBroker({
  home,
  connection: JSON.parse(readFileSync(connectionFile, "utf8")),
  limits: LIMITS,
  permits: () => true,
  vendors: {},
  observer: {
    async observe(step) {
      const name = describeStep(step);
      if (name === dies) process.kill(process.pid, "SIGKILL");
      process.stdout.write(`${name}\n`);
    },
  },
});
if (!opened.ok) throw new Error(opened.code);
await opened.broker.handle({
  ...requests.account({ orchestrators: ["stripe", "self"], principal }),
  identity: {
    project: "shop",
    stack: principal.replace(/@.*/, ""),
    resource: "cloudflare.account",
  },
});
await opened.broker.close();
