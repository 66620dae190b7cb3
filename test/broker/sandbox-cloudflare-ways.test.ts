import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { systemClock } from "../../src/broker/clock.ts";
import type { BrokerConnection } from "../../src/broker/connection.ts";
import type { LeaseKind } from "../../src/broker/protocol.ts";
import { readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { warnOfLiving } from "../../src/operations/revoke-rights.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, LIMITS, requests } from "./fakes/requests.ts";

const EMAIL = "founder@example.com";
const HOUR = 3_600_000;

let harness: SandboxHarness;
let home: string;
let ahead: number;
beforeEach(async () => {
  harness = await startHarness("idle");
  home = mkdtempSync(join(tmpdir(), "sc-ways-"));
  ahead = 0;
});
afterEach(async () => {
  await harness.close();
  rmSync(home, { recursive: true, force: true });
});

/** A broker whose time is the sandbox's. */
async function open(connection: BrokerConnection = harness.connection): Promise<Broker> {
  const opened = await createBroker({
    home,
    connection,
    limits: LIMITS,
    permits: () => true,
    clock: { now: () => Date.now() + ahead, sleep: systemClock.sleep },
    signingNow: Date.now,
    timing: { absencePause: 20, pollFirst: 50 },
  });
  if (!opened.ok) throw new Error(opened.code);
  return opened.broker;
}

const through = (...orchestrators: readonly string[]) => requests.account({ orchestrators });

/** A form of the sandbox's Cloudflare, filled in by a person; answers with where the browser is sent. */
async function fill(url: string, form: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams(form);
  const response = await fetch(url, { method: "POST", redirect: "manual", body });
  expect(response.status).toBeLessThan(400);
  return response.headers.get("location") ?? "";
}

const page = (path: string) => `${harness.connection.controlUrl}/cloudflare/${path}`;

/** The link that a person is shown. */
async function askLink(broker: Broker): Promise<string> {
  const answer = await broker.handle(through("cloudflare-oauth"));
  if (answer.ok || answer.code !== "consent_required") throw new Error(JSON.stringify(answer));
  return String(answer.link);
}

async function decide(link: string, decision: "allow" | "deny", email = EMAIL): Promise<void> {
  const back = await fetch(await fill(link, { decision, email }));
  expect(back.status).toBe(200);
}

async function consented() {
  await fill(page("sign-up"), { email: EMAIL });
  await decide(await askLink(await open()), "allow");
  const broker = await open();
  return { broker, account: await grant(broker, through("cloudflare-oauth")) };
}

async function handedOver() {
  await fill(page("sign-up"), { email: EMAIL });
  await fill(page("api-tokens"), { email: EMAIL });
  const broker = await open();
  return { broker, account: await grant(broker, through("cloudflare-token")) };
}

const bearers = async () =>
  (await harness.books()).accessTokens.filter(({ kind }) => kind === "bearer");

async function session(broker: Broker) {
  return (await broker.leases()).find(({ kind }) => kind === "session");
}

/** Without one part: as when the manifest's word is not connected. */
function without(word: string): BrokerConnection {
  const { [word]: _, ...orchestrators } = harness.connection
    .orchestrators as BrokerConnection["orchestrators"];
  return { ...harness.connection, orchestrators };
}

describe("a person's consent, over HTTP", () => {
  it("is asked for by a link, survives the process, and gives an account that is worked in", async () => {
    await fill(page("sign-up"), { email: EMAIL });
    const link = await askLink(await open());
    const later = await open();
    expect(await askLink(later)).toBe(link);
    await decide(link, "allow");
    const broker = await open();
    const account = await grant(broker, through("cloudflare-oauth"));
    expect(account.outputs.orchestrator).toBe("cloudflare-oauth");
    const access = await grant(broker, requests.access(account.outputs.accountId));
    const { endpoint, value } = access.outputs;
    const used = await fetch(`${endpoint}/accounts/${account.outputs.accountId}/d1/database`, {
      headers: { Authorization: `Bearer ${value}` },
    });
    expect(used.status).toBe(200);
    expect((await harness.books()).accounts).toHaveLength(1);
    expect(await session(broker)).toMatchObject({ revocability: "now" });
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
  });

  it("uses a code once, also when the answer is lost: the person is asked again", async () => {
    await fill(page("sign-up"), { email: EMAIL });
    const broker = await open();
    const link = await askLink(broker);
    await decide(link, "allow");
    await harness.fault("drop-after", "POST", "/oauth2/token$");
    expect(await broker.handle(through("cloudflare-oauth"))).toMatchObject({
      code: "consent_expired",
    });
    const next = await askLink(broker);
    expect(next).not.toBe(link);
    await decide(next, "allow");
    await grant(broker, through("cloudflare-oauth"));
  });

  it("takes a no, an end of the time, and another person for an answer, and keeps nothing of the other", async () => {
    await fill(page("sign-up"), { email: EMAIL });
    await fill(page("sign-up"), { email: "mallory@example.com" });
    const broker = await open();
    const ask = () => broker.handle(through("cloudflare-oauth"));
    await decide(await askLink(broker), "deny");
    expect(await ask()).toMatchObject({ code: "consent_refused" });
    await askLink(broker);
    ahead += 700_000;
    await harness.advance(ahead);
    expect(await ask()).toMatchObject({ code: "consent_expired" });
    await decide(await askLink(broker), "allow", "mallory@example.com");
    expect(await ask()).toMatchObject({ code: "email_mismatch" });
    expect((await bearers()).map(({ status }) => status)).toEqual(["revoked"]);
  });

  it("refreshes, and leaves no replaced token alive", async () => {
    const { broker, account } = await consented();
    ahead = HOUR - 60_000;
    await harness.advance(ahead);
    await grant(broker, requests.access(account.outputs.accountId));
    expect((await bearers()).map(({ status }) => status)).toEqual(["revoked", "active"]);
    // Many refreshes later nobody is asked anew.
    for (let rounds = 0; rounds < 3; rounds++)
      expect(await broker.rotate(account.id)).toMatchObject({ failed: [] });
    expect((await bearers()).filter(({ status }) => status === "active")).toHaveLength(1);
  });

  it("goes on with the new session when the end of the replaced token fails", async () => {
    const { broker, account } = await consented();
    await harness.fault("status500", "POST", "/oauth2/revoke$");
    expect(await broker.rotate(account.id)).toMatchObject({ failed: [] });
    await grant(broker, requests.access(account.outputs.accountId));
  });

  it("promise 12: ends every token of the session, at once or as soon as it is connected again", async () => {
    const { broker, account } = await consented();
    await grant(broker, requests.access(account.outputs.accountId));
    await broker.close();
    const blind = await open(without("cloudflare-oauth"));
    const report = await blind.revoke("shop/prod");
    if ("ok" in report) throw new Error(report.code);
    expect(report.unconfirmed.map(({ node }) => node.kind)).toContain("account");
    await blind.close();
    const seeing = await open();
    await seeing.beginRun("next");
    const books = await harness.books();
    expect(books.accessTokens.filter(({ status }) => status === "active")).toEqual([]);
    expect((await session(seeing))?.state).toBe("revoked");
    expect(readLog(home).map(({ name }) => name)).toContain("session-ended");
  });
});

describe("a token that a person handed over, over HTTP", () => {
  it("is nobody's before it is handed over", async () => {
    const broker = await open();
    expect(await broker.handle(through("cloudflare-token"))).toMatchObject({
      code: "no_orchestrator",
    });
  });

  it("opens the person's account, mints tokens in it and is looked at again", async () => {
    const { broker, account } = await handedOver();
    expect(account.outputs.orchestrator).toBe("cloudflare-token");
    ahead = 2 * HOUR;
    await harness.advance(ahead);
    await grant(broker, requests.access(account.outputs.accountId));
    expect((await harness.books()).accounts).toHaveLength(1);
  });

  it("promise 12: kills what was minted, and says that the token itself lives on", async () => {
    const { broker, account } = await handedOver();
    const access = await grant(broker, requests.access(account.outputs.accountId));
    expect(await session(broker)).toMatchObject({ revocability: "owner" });
    expect((await session(broker))?.expiresAt).toBeUndefined();
    expect(await broker.revoke("shop/prod")).toMatchObject({ unconfirmed: [] });
    const used = await fetch(
      `${access.outputs.endpoint}/accounts/${account.outputs.accountId}/d1/database`,
      { headers: { Authorization: `Bearer ${access.outputs.value}` } },
    );
    expect(used.status).toBe(401);
    expect(await session(broker)).toMatchObject({ state: "revoked", revocability: "owner" });
  });

  it("promise 12: says so as well when the account alone is named", async () => {
    const { broker, account } = await handedOver();
    const report = await broker.revoke(account.id);
    if ("ok" in report) throw new Error(report.code);
    expect(warnOfLiving(report.revoked)).toEqual([
      expect.stringMatching(/\/session\/.* its token lives on/),
    ]);
  });

  it("lets an account move to a person's consent, and back", async () => {
    const { broker, account } = await handedOver();
    const asked = await broker.moveAccount(account.id, "cloudflare-oauth");
    if (asked.ok) throw new Error("nobody was asked");
    await decide(String(asked.link), "allow");
    expect(await broker.moveAccount(account.id, "cloudflare-oauth")).toMatchObject({
      ok: true,
      oldSession: "lives-on",
    });
    expect(await session(broker)).toMatchObject({ revocability: "now" });
    expect(await broker.moveAccount(account.id, "cloudflare-token")).toMatchObject({
      ok: true,
      oldSession: "ended",
    });
    expect((await bearers()).map(({ status }) => status)).toEqual(["revoked"]);
  });
});

it("opens an account of nobody by the word that it always had", async () => {
  const broker = await open();
  const account = await grant(broker, through("cloudflare"));
  expect(account.outputs.orchestrator).toBe("cloudflare");
  expect(await session(broker)).toMatchObject({ revocability: "expires" });
});

it("lets what is in an account of nobody be forgotten once both are over", async () => {
  const broker = await open();
  const account = await grant(broker, through("cloudflare"));
  const pass = async (milliseconds: number) => {
    ahead += milliseconds;
    await harness.advance(milliseconds);
  };
  await pass(50 * 60_000);
  const request = requests.access(account.outputs.accountId);
  const access = await grant(broker, request);
  const remove = (kind: LeaseKind, { identity }: Pick<typeof request, "identity">, id: string) =>
    broker.handle({ verb: "delete", kind, identity, id });
  await pass(12 * 60_000);
  // Somebody may have claimed the account, in which the token would live.
  const early = await remove("access-token", request, access.id);
  expect(early).toMatchObject({ ok: false, code: "account_gone" });
  await pass(10 * 60_000);
  const gone = { ok: true, gone: true };
  expect(await remove("access-token", request, access.id)).toEqual(gone);
  expect(await remove("account", through("cloudflare"), account.id)).toEqual(gone);
  expect((await broker.summary()).open).toEqual([]);
});
