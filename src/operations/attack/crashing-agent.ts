import { readFileSync } from "node:fs";
import { createBroker } from "../../broker/broker.ts";
import type { BrokerConnection } from "../../broker/connection.ts";
import type { BrokerRequest } from "../../broker/protocol.ts";
import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import { parseMoney } from "../../util/money.ts";

interface Order {
  readonly home: string;
  readonly connection: BrokerConnection;
  readonly request: BrokerRequest;
}

/** A program of its own: makes one purchase and is killed by itself when the provider has answered and nothing of the answer is stored. */
const { home, connection, request } = JSON.parse(readFileSync(0, "utf8")) as Order;
const cap = parseMoney("60.00 USD");
if (cap === undefined) throw new Error("unreachable");
const limits: Limits = {
  ...{ perProvider: cap, total: cap, perRun: cap, perTransaction: cap, categories: {} },
  counts: { domains: 3, accounts: 5, tokens: 20 },
  alerts: [],
};
const opened = await createBroker({
  home,
  connection,
  limits,
  permits: () => true,
  observer: {
    async observe({ kind, name, point }) {
      if (kind === "domain" && name === "dispatch" && point === "after")
        process.kill(process.pid, "SIGKILL");
    },
  },
});
if (opened.ok) await opened.broker.handle(request);
