import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, identity, LIMITS, requests } from "./fakes/requests.ts";

/** Each request of a deployment that makes something, and how to find it. */
const MAKING = [
  ["the account", "/provisioning/account_requests$"],
  ["the payment token", "/v1/shared_payment/issued_tokens$"],
  ["its presentation", "/provisioning/resources$"],
  ["the access token", "/tokens$"],
  ["the domain", "/registrar/registrations$"],
] as const;

describe("a broker against the sandbox, over HTTP", () => {
  let harness: SandboxHarness;
  let home: string;
  beforeEach(async () => {
    harness = await startHarness(true);
    home = mkdtempSync(join(tmpdir(), "sc-broker-"));
  });
  afterEach(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** A broker whose time is the sandbox's. */
  async function open(ahead: () => number = () => 0): Promise<Broker> {
    const opened = await createBroker({
      home,
      connection: harness.connection,
      limits: LIMITS,
      permits: () => true,
      clock: { now: () => Date.now() + ahead(), sleep: systemClock.sleep },
      signingNow: Date.now,
      quoteService: () => ({ price: { kind: "usage", rates: [] }, categories: ["storage"] }),
      timing: { absencePause: 20, pollFirst: 50 },
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  }

  async function deploy(broker: Broker) {
    const account = await grant(broker, requests.account({ orchestrators: ["stripe", "self"] }));
    const { accountId } = account.outputs;
    const payment = await grant(broker, requests.payment(accountId));
    const domain = await grant(broker, requests.domain(accountId, payment.id));
    const permissions = [
      { group: "D1 Write", scope: "account" as const },
      { group: "DNS Write", scope: "zone" as const },
    ];
    const zones = [domain.outputs.domain];
    const access = await grant(broker, requests.access(accountId, { permissions, zones }));
    const service = await grant(broker, requests.service(accountId, payment.id));
    return { account, payment, domain, access, service };
  }

  async function expectOneOfEach(): Promise<void> {
    const { accounts, paymentTokens, accessTokens, domains, charges } = await harness.books();
    expect(accounts).toHaveLength(1);
    expect(paymentTokens.filter(({ status }) => status === "active")).toHaveLength(1);
    expect(
      accessTokens.filter(({ kind, status }) => kind === "api-token" && status === "active"),
    ).toHaveLength(1);
    expect(domains.filter(({ state }) => state === "succeeded")).toHaveLength(1);
    expect(charges).toHaveLength(1);
  }

  it("gets one of everything, and everything again after a destroy, with one charge", async () => {
    const broker = await open();
    const first = await deploy(broker);
    expect(await deploy(broker)).toEqual(first);
    await expectOneOfEach();
    expect(first.account.outputs.appDomain).toMatch(/^shop-[0-9a-f]{8}\.workers\.dev$/);
    expect(first.access.outputs.endpoint).toBe(harness.connection.cloudflare.endpoint);
    const whoAmI = await fetch(
      `${first.access.outputs.endpoint}/accounts/${first.account.outputs.accountId}/d1/database`,
      { headers: { Authorization: `Bearer ${first.access.outputs.value}` } },
    );
    expect(whoAmI.status).toBe(200);

    const remove = (
      kind: "service-instance" | "access-token" | "payment-token" | "account",
      resource: string,
      id: string,
    ) => broker.handle({ verb: "delete", kind, identity: identity(resource), id });
    const gone = { ok: true, gone: true };
    expect(await remove("service-instance", "mail", first.service.id)).toEqual(gone);
    expect(await remove("access-token", "cloudflare.access-token", first.access.id)).toEqual(gone);
    expect(await remove("payment-token", "cloudflare.payment-token", first.payment.id)).toEqual(
      gone,
    );
    expect(await remove("account", "cloudflare.account", first.account.id)).toEqual(gone);
    const after = await harness.books();
    expect(after.paymentTokens.every(({ status }) => status === "deactivated")).toBe(true);
    expect(
      after.accessTokens.every(({ kind, status }) => kind === "bearer" || status !== "active"),
    ).toBe(true);

    const second = await deploy(await open());
    expect(second.account).toEqual(first.account);
    expect(second.domain).toEqual(first.domain);
    await expectOneOfEach();
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
  });

  it.each(MAKING)("makes %s once although the answer is lost", async (_, path) => {
    await harness.fault("status500-after", "POST", path, 3);
    const broker = await open();
    for (let tries = 0; tries < 5; tries++) {
      const done = await deploy(broker).then(
        () => true,
        () => false,
      );
      if (done) break;
    }
    await expectOneOfEach();
    const { caps, open: unfinished } = await broker.summary();
    expect(unfinished).toEqual([]);
    expect(caps[0]).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
  });

  it("refreshes the account's credential and renews its tokens after a long night", async () => {
    await harness.settings("cloudflare", { bearerSeconds: 200 });
    let ahead = 0;
    const broker = await open(() => ahead);
    const { access } = await deploy(broker);
    ahead = 7_200_000;
    await harness.advance(ahead);
    expect(await broker.renewCredentials("shop", "prod")).toMatchObject({ failed: [] });
    const again = await deploy(broker);
    expect(again.access.outputs).toEqual(access.outputs);
  });
});
