import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import type { LeaseInputs } from "../../src/broker/protocol.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, identity, LIMITS, requests } from "./fakes/requests.ts";

const HOURS = 3_600_000;

describe("a broker that connects through the sandbox's Provisioning API of Stripe", () => {
  let harness: SandboxHarness;
  let home: string;
  let ahead: number;
  beforeEach(async () => {
    harness = await startHarness("idle");
    home = mkdtempSync(join(tmpdir(), "sc-broker-"));
    ahead = 0;
  });
  afterEach(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** A broker whose time is the sandbox's. */
  async function open(limit = "100.00 USD"): Promise<Broker> {
    const { orchestrators } = harness.connection;
    const part = { ...orchestrators["stripe-provisioning"], limit };
    const opened = await createBroker({
      home,
      connection: {
        ...harness.connection,
        orchestrators: { ...orchestrators, "stripe-provisioning": part },
      },
      limits: LIMITS,
      permits: () => true,
      clock: { now: () => Date.now() + ahead, sleep: systemClock.sleep },
      signingNow: Date.now,
      quoteService: (service) => ({
        price: service.endsWith("free") ? { kind: "free" } : { kind: "usage", rates: [] },
        categories: ["storage"],
      }),
      timing: { absencePause: 20, pollFirst: 50 },
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  }

  const account = (overrides: Partial<LeaseInputs["account"]> = {}) =>
    requests.account({ orchestrators: ["stripe-provisioning"], ...overrides });

  async function apiTokens(): Promise<readonly string[]> {
    const { accessTokens } = await harness.books();
    return accessTokens.filter(({ kind }) => kind === "api-token").map(({ status }) => status);
  }

  /** What Stripe's payment profile limits by provider. */
  async function limits(): Promise<readonly unknown[]> {
    const part = harness.connection.orchestrators["stripe-provisioning"];
    const answer = await fetch(`${part.url}/v2/provisioning/payment_profile`, {
      headers: {
        Authorization: `Bearer ${part.secretKey}`,
        "Stripe-Version": "2026-09-30.preview",
        "Stripe-Context": part.connectedAccount,
      },
    });
    return ((await answer.json()) as { readonly providers: readonly unknown[] }).providers;
  }

  /** Whether an access token of the stack works at the provider's own API. */
  async function isGood(accountId: string, token: string): Promise<boolean> {
    const { endpoint } = harness.connection.cloudflare;
    const answer = await fetch(`${endpoint}/accounts/${accountId}/d1/database`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return answer.ok;
  }

  it("opens an account, mints a token there, and buys what is free and what is paid", async () => {
    const broker = await open();
    const { id, outputs } = await grant(broker, account());
    const { accountId } = outputs;
    const access = await grant(broker, requests.access(accountId));
    expect(await isGood(accountId, access.outputs.value)).toBe(true);
    const payment = await grant(broker, requests.payment(accountId));
    const free = requests.service(accountId, payment.id, {
      service: "cloudflare/workers:free",
      config: {},
    });
    await grant(broker, { ...free, identity: identity("plan") });
    const bucket = await grant(broker, requests.service(accountId, payment.id));
    expect(bucket.outputs.status).toBe("complete");
    const domain = await grant(broker, requests.domain(accountId, payment.id));
    expect(domain.outputs.domain).toBe("example-shop.com");

    expect(await grant(broker, account())).toEqual({ id, outputs });
    const books = await harness.books();
    expect(books.accounts).toMatchObject([{ provider: "cloudflare", accountId }]);
    // The plan of the session is the one that the payment is shown with, and the one that the stack asked for.
    expect(books.serviceInstances.map(({ service }) => service)).toEqual([
      "workers:free",
      "r2:bucket",
    ]);
    expect(books.charges).toMatchObject([
      { provider: "cloudflare", accountId, amount: "10.44 USD" },
    ]);
    expect(books.charges[0]?.paymentToken).toMatch(/^pprof_acct_/);
  });

  it.each([
    ["the connection request", "/provider_connection_requests$"],
    ["a look at it", "/provider_connection_requests/"],
    ["the plan", "/v2/provisioning/resources$"],
    ["what the plan reveals", "/reveal_access_configuration$"],
  ])("opens one account although the answer to %s is lost", async (_, path) => {
    const broker = await open();
    const method = path.endsWith("/") ? "GET" : "POST";
    // The broker itself tries once more.
    await harness.fault("status500-after", method, path, 2);
    await expect(grant(broker, account())).rejects.toThrow("outcome_unknown");
    const { outputs } = await grant(broker, account());
    const { accounts, serviceInstances, calls } = await harness.books();
    expect(accounts.map(({ accountId }) => accountId)).toEqual([outputs.accountId]);
    expect(serviceInstances).toHaveLength(1);
    // Only lost answers to it make it be asked for again, under its own key.
    const asked = calls.find(
      (call) => call.path === "/v2/provisioning/provider_connection_requests",
    );
    expect(asked?.arrived).toBe(path === "/provider_connection_requests$" ? 3 : 1);
  });

  it("promise 1: limits what Stripe charges before anything is bought, a domain of the provider's own API too", async () => {
    const broker = await open("20.00 USD");
    const { outputs } = await grant(broker, account());
    expect(await limits()).toEqual([]);
    await grant(broker, requests.payment(outputs.accountId));
    expect(await limits()).toMatchObject([
      {
        provider: "cloudflare",
        usage_limits: { max_amount: "2000", recurring_interval: "month" },
      },
    ]);
  });

  it("buys nothing where no limit can be set", async () => {
    const broker = await open("20.00 USD");
    const { outputs } = await grant(broker, account());
    await harness.fault("status500", "POST", "/payment_profile/update_limit$", 4);
    await expect(grant(broker, requests.payment(outputs.accountId))).rejects.toThrow(
      "own_payment_unlimited",
    );
    // The token that was issued pays for nothing.
    const token = (await broker.leases()).find((lease) => lease.kind === "payment-token");
    expect(token?.state).toBe("opening");
    const domain = requests.domain(outputs.accountId, token?.id ?? "");
    await expect(grant(broker, domain)).rejects.toThrow("payment_token_missing");
    const { charges, calls } = await harness.books();
    expect(charges).toEqual([]);
    expect(
      calls.filter((call) => call.method === "POST" && /registrations/.test(call.path)),
    ).toEqual([]);
  });

  it("leaves the plan that its session works with, which is all that is to be done", async () => {
    const broker = await open();
    const { outputs } = await grant(broker, account());
    const payment = await grant(broker, requests.payment(outputs.accountId));
    const plan = requests.service(outputs.accountId, payment.id, {
      service: "cloudflare/workers:free",
      config: {},
    });
    const { id } = await grant(broker, plan);
    const { kind, identity: of } = plan;
    const removed = await broker.handle({ verb: "delete", kind, identity: of, id });
    expect(removed).toEqual({ ok: true, gone: true });
    await grant(broker, requests.access(outputs.accountId));
    expect((await harness.books()).serviceInstances).toHaveLength(1);
    // The stack that comes back has the same one.
    await grant(broker, plan);
    expect((await harness.books()).serviceInstances).toHaveLength(1);
    await broker.close();
    const log = readFileSync(join(home, "log/events.jsonl"), "utf8");
    expect(log).toContain('"service-left"');
    expect(log).not.toContain('"service-removed"');
  });

  it("goes on with what the plan reveals by then after the session's life", async () => {
    await harness.settings("cloudflare", { bearerSeconds: 7200 });
    const broker = await open();
    const { outputs } = await grant(broker, account());
    ahead = 30 * HOURS;
    await harness.advance(ahead);
    const access = await grant(broker, requests.access(outputs.accountId));
    expect(await isGood(outputs.accountId, access.outputs.value)).toBe(true);
    expect((await harness.books()).accounts).toHaveLength(1);
  });

  it("makes nothing for a session whose connection is gone", async () => {
    const broker = await open();
    const { outputs } = await grant(broker, account());
    const part = harness.connection.orchestrators["stripe-provisioning"];
    const call = (method: string, path: string) =>
      fetch(`${part.url}/v2/provisioning${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${part.secretKey}`,
          "Stripe-Version": "2026-09-30.preview",
          "Stripe-Context": part.connectedAccount,
        },
      });
    const { data } = (await (await call("GET", "/provider_connections")).json()) as {
      readonly data: readonly { readonly id: string }[];
    };
    expect((await call("POST", `/provider_connections/${data[0]?.id}/unlink`)).status).toBe(200);
    ahead = 30 * HOURS;
    await harness.advance(ahead);
    await expect(grant(broker, requests.access(outputs.accountId))).rejects.toThrow(
      "refused_by_provider",
    );
    const { accounts, serviceInstances } = await harness.books();
    expect([accounts.length, serviceInstances.length]).toEqual([1, 1]);
  });

  it("ends connection and credential when the account is revoked", async () => {
    const broker = await open();
    const { outputs } = await grant(broker, account());
    await grant(broker, requests.access(outputs.accountId));
    expect(await broker.revoke("shop/prod")).toMatchObject({ unconfirmed: [] });
    expect(await apiTokens()).not.toContain("active");
    const { accessTokens, accounts } = await harness.books();
    expect(accessTokens.filter(({ status }) => status === "active")).toEqual([]);
    expect(accounts.map(({ closed }) => closed)).toEqual([false]);
  });
});
