import { readFileSync } from "node:fs";
import { createBroker } from "../../src/broker/broker.ts";
import { grant, LIMITS, requests } from "./fakes/requests.ts";

/** Opens an account through Stripe's command line, as a process that a test kills in the middle. */
const [home = "", connectionFile = ""] = process.argv.slice(2);
const opened = await createBroker({
  home,
  connection: JSON.parse(readFileSync(connectionFile, "utf8")),
  limits: LIMITS,
  permits: () => true,
  quoteService: () => ({ price: { kind: "usage", rates: [] }, categories: ["storage"] }),
});
if (!opened.ok) throw new Error(opened.code);
const { broker } = opened;
await grant(broker, requests.account({ orchestrators: ["stripe-projects"] }));
await broker.close();
