import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import type { LeaseKind } from "../../src/broker/protocol.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { createQuote } from "../../src/operations/create-quote.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, identity, LIMITS, requests } from "./fakes/requests.ts";

const HOUR = 3_600_000;
const quoteService = createQuote(loadCatalog(), ["neon/free"]);

describe("accounts that come before their owner, by a broker against the sandbox", () => {
  let harness: SandboxHarness;
  let home: string;
  let ahead: number;
  beforeEach(async () => {
    harness = await startHarness("idle");
    home = mkdtempSync(join(tmpdir(), "sc-claimable-"));
    ahead = 0;
  });
  afterEach(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function open(): Promise<Broker> {
    const opened = await createBroker({
      ...{ home, connection: harness.connection, limits: LIMITS, quoteService },
      permits: () => true,
      clock: { now: () => Date.now() + ahead, sleep: systemClock.sleep },
      signingNow: Date.now,
      timing: { absencePause: 20, pollFirst: 50 },
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  }

  async function pass(milliseconds: number): Promise<void> {
    ahead += milliseconds;
    await harness.advance(milliseconds);
  }

  const account = (orchestrators = ["claimable"], provider = "neon") => ({
    ...requests.account({ provider, orchestrators }),
    identity: identity(`${provider}.account`),
  });
  const database = (id: string, resource = "db") =>
    requests.service(
      id,
      "none",
      { provider: "neon", service: "neon/postgres", config: {} },
      resource,
    );
  const remove = (broker: Broker, kind: LeaseKind, resource: string, id: string) =>
    broker.handle({ verb: "delete", kind, identity: identity(resource), id });

  async function deploy(broker: Broker) {
    const made = await grant(broker, account());
    return { made, db: await grant(broker, database(made.outputs.accountId)) };
  }

  it("gets one account and its database, the same ones after a restart, and deletes them", async () => {
    const broker = await open();
    const first = await deploy(broker);
    expect(first.db.outputs.credentials.connection_string).toMatch(/^postgresql:/);
    const leases = await broker.leases();
    expect(JSON.stringify(leases)).toContain("claimUntil");
    await broker.close();
    const again = await open();
    expect(await deploy(again)).toEqual(first);
    const { accounts, inventory } = await harness.books();
    expect(accounts).toHaveLength(1);
    expect(inventory).toMatchObject([{ status: "unclaimed", isPulled: true }]);
    const gone = { ok: true, gone: true };
    expect(await remove(again, "service-instance", "db", first.db.id)).toEqual(gone);
    expect(await remove(again, "account", "neon.account", first.made.id)).toEqual(gone);
    expect((await harness.books()).inventory).toMatchObject([{ status: "deleted" }]);
    expect((await again.summary()).open).toEqual([]);
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
  });

  it("hands the one database out once, so that nobody deletes what another resource lives on", async () => {
    const broker = await open();
    const { made, db } = await deploy(broker);
    const second = database(made.outputs.accountId, "stats");
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await broker.handle(second)).toMatchObject({ ok: false, code: "service_held" });
    expect((await broker.summary()).open).toEqual([]);
    expect((await grant(broker, database(made.outputs.accountId))).id).toBe(db.id);
    expect((await harness.books()).inventory).toMatchObject([{ status: "unclaimed" }]);
  });

  it("makes no second one although the answer is lost and the broker ends; after the deadline of the lost one it makes one", async () => {
    await harness.fault("status500-after", "POST", "/v1/agent/identity");
    const unknown = { ok: false, code: "outcome_unknown" };
    const first = await open();
    expect(await first.handle(account())).toMatchObject(unknown);
    await first.close();
    const second = await open();
    for (let repeat = 0; repeat < 2; repeat++)
      expect(await second.handle(account())).toMatchObject(unknown);
    await pass(48 * HOUR);
    expect(await second.handle(account())).toMatchObject(unknown);
    expect((await harness.books()).inventory).toHaveLength(1);
    await pass(25 * HOUR);
    await deploy(second);
    expect((await harness.books()).inventory).toMatchObject([
      { status: "expired" },
      { status: "unclaimed" },
    ]);
  });

  it("finds the database again whose answers were lost, however long ago", async () => {
    const broker = await open();
    const made = await grant(broker, account());
    await harness.fault("drop-after", "GET", "/v1/projects/", 2);
    const request = database(made.outputs.accountId);
    expect(await broker.handle(request)).toMatchObject({ ok: false, code: "outcome_unknown" });
    await pass(48 * HOUR);
    await grant(broker, request);
    expect((await broker.summary()).open).toEqual([]);
  });

  it("says plainly that the account is gone after its deadline, and makes another only after the old one is forgotten", async () => {
    const broker = await open();
    const { made, db } = await deploy(broker);
    await pass(73 * HOUR);
    expect(await broker.handle(database(made.outputs.accountId))).toMatchObject({
      ok: false,
      code: "account_gone",
    });
    expect(await broker.renewCredentials("shop", "prod")).toMatchObject({});
    expect((await harness.books()).inventory).toMatchObject([{ status: "expired" }]);
    const gone = { ok: true, gone: true };
    expect(await remove(broker, "service-instance", "db", db.id)).toEqual(gone);
    expect(await remove(broker, "account", "neon.account", made.id)).toEqual(gone);
    const next = await deploy(broker);
    expect(next.made.outputs.accountId).not.toBe(made.outputs.accountId);
    expect((await harness.books()).inventory).toHaveLength(2);
  });

  it("shows a fresh claim link each time; claimed, what it holds is the person's", async () => {
    const broker = await open();
    const { made } = await deploy(broker);
    const links = [await broker.showClaim(made.id), await broker.showClaim(made.id)];
    const [first, second] = links.map((link) => (link.ok ? link.url.reveal() : ""));
    expect(first).not.toBe(second);
    const claim = (url = "") =>
      fetch(url, { method: "POST", body: new URLSearchParams({ email: "founder@example.com" }) });
    expect((await claim(first)).status).toBe(410);
    expect((await claim(second)).status).toBe(200);
    expect(await broker.showClaim(made.id)).toMatchObject({ code: "nothing_to_claim" });
    const again = await broker.handle(database(made.outputs.accountId));
    expect(again).toMatchObject({ ok: false, code: "account_gone" });
    expect((await harness.books()).accounts).toHaveLength(1);
  });

  it("takes the account's credential back at the provider", async () => {
    const broker = await open();
    const { made, db } = await deploy(broker);
    const revoked = await broker.revoke(made.id);
    expect(revoked).not.toHaveProperty("code");
    expect((await harness.books()).accessTokens).toMatchObject([{ status: "revoked" }]);
    // There is no other credential, so that all that is left is to forget both.
    expect(await broker.handle(account())).toMatchObject({ ok: false, code: "lease_revoked" });
    const gone = { ok: true, gone: true };
    expect(await remove(broker, "service-instance", "db", db.id)).toEqual(gone);
    expect(await remove(broker, "account", "neon.account", made.id)).toEqual(gone);
    await deploy(broker);
  });

  it("leaves providers that hand nothing out to the next orchestrator", async () => {
    const broker = await open();
    const both = ["claimable", "stripe"];
    const app = await grant(broker, account(both, "cloudflare"));
    const data = await grant(broker, account(both, "neon"));
    expect([app.outputs.orchestrator, data.outputs.orchestrator]).toEqual(["stripe", "claimable"]);
  });
});
