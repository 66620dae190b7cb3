import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAdyenIssuer } from "../../src/adapters/issuers/adyen/client.ts";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import { type Broker, type BrokerOptions, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import type { LeaseInputs } from "../../src/broker/protocol.ts";
import { describeStep, type Step } from "../../src/broker/steps.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { makeHome } from "./fakes/bench.ts";
import { dollars, grant, LIMITS, requests } from "./fakes/requests.ts";

const ISSUE = "/v1/shared_payment/issued_tokens$";
class Crash extends Error {}

describe("between issuers, over HTTP, with a sandbox that keeps both books", () => {
  let harness: SandboxHarness;
  let serial = 0;
  let ahead = 0;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  /** A project of its own on the shared sandbox; its time is the sandbox's. */
  function createProject(limits: Limits = LIMITS, provider = "cloudflare") {
    serial += 1;
    const home = makeHome();
    onTestFinished(async () => {
      rmSync(home, { recursive: true, force: true });
      await harness.endFaults();
    });
    const project = `shop-${serial}`;
    const now = () => Date.now() + ahead;
    const fetchReal = (url: string, init: RequestInit) => fetch(url, init);
    const { issuers } = harness.connection;
    const open = async (overrides: Partial<BrokerOptions> = {}): Promise<Broker> => {
      const opened = await createBroker({
        ...{ home, limits, connection: harness.connection, permits: () => true, vendors: {} },
        clock: { now, sleep: systemClock.sleep },
        signingNow: Date.now,
        issuers: [
          createStripeIssuer(issuers.stripe, { fetch: fetchReal, maxNetworkRetries: 0 }),
          createAdyenIssuer(issuers.adyen, { fetch: fetchReal, now, repeats: 0 }),
        ],
        quoteService: () => ({
          price: { kind: "fixed", amount: dollars(2000), interval: "month" },
          categories: ["storage"],
        }),
        timing: { absencePause: 20, pollFirst: 50 },
        ...overrides,
      });
      if (!opened.ok) throw new Error(opened.code);
      return opened.broker;
    };
    const own = <R extends { readonly identity: object }>(request: R): R => ({
      ...request,
      identity: { ...request.identity, project },
    });
    const account = async (broker: Broker): Promise<string> => {
      const principal = `founder-${serial}@example.com`;
      return (await grant(broker, own(requests.account({ provider, principal })))).outputs
        .accountId;
    };
    const payment = (id: string, inputs: Partial<LeaseInputs["payment-token"]> = {}) =>
      own(
        requests.payment(id, {
          provider,
          issuers: ["stripe", "adyen"],
          cap: "40.00 USD",
          ...inputs,
        }),
      );
    const service = (id: string, token: string) =>
      own(
        requests.service(id, token, { provider, service: "resend/email", config: { plan: "pro" } }),
      );
    return {
      ...{ home, open, account, payment, service },
      pass: async (milliseconds: number) => {
        ahead += milliseconds;
        await harness.advance(milliseconds);
      },
    };
  }

  const takeStripeAway = async (): Promise<void> => {
    await harness.fault("refuse", "POST", "^/v1/", null);
    await harness.fault("refuse", "GET", "^/v1/", null);
  };
  /** It is healthy, issues, the answer is lost, and then it is gone. */
  const takeStripeAwayMidway = async (): Promise<void> => {
    await harness.fault("drop-after", "POST", ISSUE);
    await harness.fault("refuse", "POST", "^/v1/", null);
    await harness.fault("refuse", "GET", "^/v1/", null, 2);
  };
  /** What was issued since, by issuer and status. */
  const watchBooks = async () => {
    const before = (await harness.books()).paymentTokens.map(({ id }) => id);
    return async () =>
      (await harness.books()).paymentTokens
        .filter(({ id }) => !before.includes(id))
        .map(({ issuer, status, captured }) => `${issuer} ${status} ${captured}`)
        .sort();
  };
  const heldOf = async (broker: Broker): Promise<string | undefined> => {
    const { caps } = await broker.summary();
    return caps.find(({ cap }) => cap.startsWith("total/"))?.held;
  };

  it("the next one issues when the first is away, and the provider charges what it issued", async () => {
    const { open, account, payment, service } = createProject(LIMITS, "resend");
    const broker = await open();
    const id = await account(broker);
    const books = await watchBooks();
    await takeStripeAway();
    const token = await grant(broker, payment(id));
    expect(token.outputs.issuer).toBe("adyen");
    await grant(broker, service(id, token.id));
    expect(await books()).toEqual(["adyen active 20.00 USD"]);
    await broker.close();
  });

  it("an unknown outcome stays with the first as long as it answers", async () => {
    const { open, account, payment } = createProject();
    const broker = await open();
    const id = await account(broker);
    const books = await watchBooks();
    await harness.fault("status500", "POST", ISSUE, null);
    expect(await broker.handle(payment(id))).toMatchObject({ code: "outcome_unknown" });
    expect(await books()).toEqual([]);
    await harness.endFaults();
    expect((await grant(broker, payment(id))).outputs.issuer).toBe("stripe");
    expect(await books()).toEqual(["stripe active 0.00 USD"]);
    await broker.close();
  });

  it("a lost answer of one that is gone: its cap is held, the next one pays, and the first one's token dies uncharged once it is back", async () => {
    const { open, account, payment, service, home } = createProject(LIMITS, "resend");
    const broker = await open();
    const id = await account(broker);
    const books = await watchBooks();
    await takeStripeAwayMidway();
    const token = await grant(broker, payment(id));
    expect(token.outputs.issuer).toBe("adyen");
    expect(await heldOf(broker)).toBe("40.00 USD");
    await grant(broker, service(id, token.id));
    expect(await books()).toEqual(["adyen active 20.00 USD", "stripe active 0.00 USD"]);
    await broker.beginRun("while-it-is-away");
    expect(await heldOf(broker)).toBe("40.00 USD");
    await harness.endFaults();
    await broker.beginRun("when-it-is-back");
    expect(await heldOf(broker)).toBe("0.00 USD");
    expect(await books()).toEqual(["adyen active 20.00 USD", "stripe deactivated 0.00 USD"]);
    expect((await grant(broker, payment(id))).id).toBe(token.id);
    await broker.close();
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
  });

  it("nobody takes over where what may have been issued does not fit under the caps", async () => {
    const windows = [{ scope: "total", amount: dollars(3000), window: "day" }] as const;
    const { open, account, payment } = createProject({ ...LIMITS, windows } as unknown as Limits);
    const broker = await open();
    const id = await account(broker);
    const books = await watchBooks();
    await takeStripeAwayMidway();
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await broker.handle(payment(id))).toMatchObject({ code: "outcome_unknown" });
    expect(await books()).toEqual(["stripe active 0.00 USD"]);
    await harness.endFaults();
    expect((await grant(broker, payment(id))).outputs.issuer).toBe("stripe");
    expect(await books()).toEqual(["stripe active 0.00 USD"]);
    await broker.close();
  });

  it("what cannot be found out any more is held until the token's own end", async () => {
    const { open, account, payment, pass } = createProject();
    const broker = await open({ timing: { paymentTokenLife: 48 * 3_600_000, absencePause: 20 } });
    const id = await account(broker);
    await takeStripeAwayMidway();
    await grant(broker, payment(id));
    await harness.endFaults();
    await pass(25 * 3_600_000);
    await broker.beginRun("after-the-key");
    expect(await heldOf(broker)).toBe("40.00 USD");
    await pass(24 * 3_600_000);
    await broker.beginRun("after-the-token");
    expect(await heldOf(broker)).toBe("0.00 USD");
    await broker.close();
  });

  it("killed at each step of it, one token can pay in the end, and the ledger holds nothing", async () => {
    const steps: string[] = [];
    const live = async (watch: (step: Step) => void, isCrashing: boolean): Promise<void> => {
      const { open, account, payment } = createProject();
      const first = await open();
      const id = await account(first);
      await first.close();
      const books = await watchBooks();
      await takeStripeAwayMidway();
      const observer = { observe: async (step: Step) => watch(step) };
      const broker = await open({ observer });
      if (isCrashing) await expect(broker.handle(payment(id))).rejects.toThrow(Crash);
      else await grant(broker, payment(id));
      await broker.close().catch(() => undefined);
      const second = await open();
      const token = await grant(second, payment(id));
      await harness.endFaults();
      await second.beginRun("when-it-is-back");
      expect(await heldOf(second)).toBe("0.00 USD");
      const issued = await books();
      expect(issued.filter((line) => line.includes(" active "))).toEqual([
        `${token.outputs.issuer} active 0.00 USD`,
      ]);
      await second.close();
    };
    await live((step) => void steps.push(describeStep(step)), false);
    expect(steps.length).toBeGreaterThan(15);
    for (const target of new Set(steps)) {
      let isDead = false;
      const crash = (step: Step): void => {
        if (isDead || describeStep(step) === target) {
          isDead = true;
          throw new Crash(target);
        }
      };
      await live(crash, true);
    }
  });
});
