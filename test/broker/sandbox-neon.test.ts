import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import type { LeaseKind } from "../../src/broker/protocol.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { createQuote } from "../../src/operations/create-quote.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, identity, LIMITS, requests } from "./fakes/requests.ts";

/** By plan of the account, what a stack there asks for. */
type Plan = "neon/free" | "neon/launch";

describe("Neon's databases through Stripe's Provisioning API", () => {
  let harness: SandboxHarness;
  let home: string;
  beforeEach(async () => {
    harness = await startHarness("idle");
    home = mkdtempSync(join(tmpdir(), "sc-broker-"));
  });
  afterEach(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** `plans` as the connection names those of sessions. */
  async function open(plan: Plan, plans: Readonly<Record<string, string>> = {}): Promise<Broker> {
    const { orchestrators } = harness.connection;
    const part = { ...orchestrators["stripe-provisioning"], plans };
    const opened = await createBroker({
      home,
      connection: {
        ...harness.connection,
        orchestrators: { ...orchestrators, "stripe-provisioning": part },
      },
      limits: LIMITS,
      permits: () => true,
      clock: systemClock,
      signingNow: Date.now,
      quoteService: createQuote(loadCatalog(), [plan]),
      timing: { absencePause: 20, pollFirst: 50 },
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  }

  /** What a stack with databases there asks for, in the order of the engine, with its answers. */
  async function begin(broker: Broker, what: Plan, stack = "prod") {
    const of = (resource: string) => ({ ...identity(resource), stack });
    const account = await grant(broker, {
      ...requests.account({ provider: "neon", orchestrators: ["stripe-provisioning"] }),
      identity: of("neon.account"),
    });
    const { accountId } = account.outputs;
    const payment = await grant(broker, {
      ...requests.payment(accountId, { provider: "neon" }),
      identity: of("neon.payment-token"),
    });
    const order = (name: string, service: string) =>
      grant(broker, {
        ...requests.service(accountId, payment.id, { provider: "neon", service, config: {} }),
        identity: of(name),
      });
    const plan = await order("neon.plan", what);
    return { account, payment, plan, database: () => order("orders", "neon/postgres") };
  }

  async function destroy(
    broker: Broker,
    leases: readonly (readonly [LeaseKind, string, { readonly id: string }])[],
  ): Promise<void> {
    for (const [kind, name, { id }] of leases) {
      const removed = await broker.handle({ verb: "delete", kind, identity: identity(name), id });
      expect(removed, name).toEqual({ ok: true, gone: true });
    }
    expect((await broker.leases()).filter(({ state }) => state !== "closed")).toEqual([]);
  }

  /** What is there and was not removed. */
  const services = async () =>
    (await harness.books()).serviceInstances
      .filter(({ status }) => status === "complete")
      .map(({ service }) => service)
      .toSorted();

  it("are had on a plan by use, and removed with it", async () => {
    const broker = await open("neon/launch");
    const { account, payment, plan, database } = await begin(broker, "neon/launch");
    const orders = await database();
    expect(Object.values(orders.outputs.credentials)).toContainEqual(
      expect.stringMatching(/^postgresql:/),
    );
    expect(await services()).toEqual(["launch", "postgres"]);
    await destroy(broker, [
      ["service-instance", "orders", orders],
      ["service-instance", "neon.plan", plan],
      ["payment-token", "neon.payment-token", payment],
      ["account", "neon.account", account],
    ]);
    expect(await services()).toEqual([]);
  });

  // Known limits, which the adapters' READMEs tell.
  it.each([
    ["an ordinary service", {}, []],
    ["the session's own, which is left", { neon: "free" }, ["free"]],
  ])("are refused on the free plan, which goes where it is %s", async (_, plans, left) => {
    const broker = await open("neon/free", plans);
    const { account, payment, plan, database } = await begin(broker, "neon/free");
    await expect(database()).rejects.toThrow("refused_by_provider");
    expect(await services()).toEqual(["free"]);
    await destroy(broker, [
      ["service-instance", "neon.plan", plan],
      ["payment-token", "neon.payment-token", payment],
      ["account", "neon.account", account],
    ]);
    expect(await services()).toEqual(left);
  });

  it("are one stack's alone in an account, which has its plan once", async () => {
    const broker = await open("neon/launch");
    await (await begin(broker, "neon/launch")).database();
    await expect(begin(broker, "neon/launch", "staging")).rejects.toThrow("refused_by_provider");
    expect(await services()).toEqual(["launch", "postgres"]);
  });
});
