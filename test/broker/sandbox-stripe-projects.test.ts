import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { holdFolder } from "../../src/adapters/orchestrators/stripe-projects/hold-folder.ts";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { checkHealth } from "../../src/broker/check-health.ts";
import { systemClock } from "../../src/broker/clock.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { logIn, type SandboxConnection } from "../../src/sandbox/connection.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, LIMITS, requests } from "./fakes/requests.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const VICTIM = join(import.meta.dirname, "stripe-projects-victim.ts");
const request = requests.account({ orchestrators: ["stripe-projects"] });

describe("a broker that drives the sandbox's Stripe command line", () => {
  let harness: SandboxHarness;
  let home: string;
  let connection: SandboxConnection;
  let ahead: number;
  beforeEach(async () => {
    harness = await startHarness("idle");
    connection = logIn(harness.connection, "founder@example.com");
    home = mkdtempSync(join(tmpdir(), "sc-cli-"));
    ahead = 0;
  });
  afterEach(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function open(): Promise<Broker> {
    const opened = await createBroker({
      ...{ home, connection, limits: LIMITS, permits: () => true, signingNow: Date.now },
      clock: { now: () => Date.now() + ahead, sleep: systemClock.sleep },
      quoteService: () => ({ price: { kind: "usage", rates: [] }, categories: ["storage"] }),
      timing: { absencePause: 20, pollFirst: 50 },
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  }

  it("opens an account, mints tokens, buys services, refreshes after a day, and revokes", async () => {
    const word = "stripe-projects";
    expect(await checkHealth(connection, [word], ["cloudflare", "resend"])).toEqual([
      { orchestrator: word, provider: "cloudflare", healthy: true },
      { orchestrator: word, provider: "resend", healthy: false },
    ]);
    const broker = await open();
    const account = await grant(broker, request);
    const { accountId } = account.outputs;
    expect(account.outputs.orchestrator).toBe(word);
    const payment = await grant(broker, requests.payment(accountId));
    const access = await grant(broker, requests.access(accountId));
    const paid = await grant(broker, requests.service(accountId, payment.id));
    const kv = { service: "cloudflare/kv", config: { title: "sessions" } };
    const free = await grant(broker, requests.service(accountId, payment.id, kv, "cache"));
    expect(Object.keys(paid.outputs.credentials).length).toBeGreaterThan(0);
    expect(free.outputs.status).toBe("complete");

    const books = await harness.books();
    expect(books.accounts).toMatchObject([
      { accountId, email: "founder@example.com", orchestrator: word },
    ]);
    const services = books.serviceInstances.map(({ service }) => service);
    expect(services.toSorted()).toEqual(["kv", "r2:bucket", "workers:free"]);

    ahead = 25 * 3_600_000;
    await harness.advance(ahead);
    expect(await grant(broker, request)).toEqual(account);
    expect((await grant(broker, requests.access(accountId))).outputs.value).toBeDefined();
    const later = await harness.books();
    expect(later.accounts).toHaveLength(1);
    expect(later.serviceInstances).toHaveLength(3);

    const revoked = await broker.revoke(account.id);
    expect(revoked).toMatchObject({ unconfirmed: [] });
    const { accessTokens } = await harness.books();
    expect(accessTokens.filter(({ status }) => status === "active")).toEqual([]);
    expect(access.outputs.value).toBeDefined();
    await broker.close();
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
  });

  it("promise 3: makes one account and one plan although the broker is killed while the CLI goes on", async () => {
    const file = join(home, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    await harness.fault("hang", "POST", "/providers/cloudflare/provisioning/resources$");
    const victim = spawn(process.execPath, ["--no-warnings", VICTIM, home, file], {
      stdio: "ignore",
    });
    const hasAsked = async () =>
      (await harness.books()).calls.some(({ path }) => path.endsWith("/provisioning/resources"));
    for (let tries = 0; tries < 600 && !(await hasAsked()); tries++) await sleep(100);
    expect((await harness.books()).accounts).toHaveLength(1);
    victim.kill("SIGKILL");
    await once(victim, "close");
    // The next one waits for the CLI, which ends meanwhile without a plan.
    const broker = await open();
    const granted = grant(broker, request);
    const lock = readdirSync(home, { recursive: true, encoding: "utf8" }).find((name) =>
      name.endsWith("cli.json"),
    );
    const held = join(home, lock ?? "");
    expect(JSON.parse(readFileSync(held, "utf8"))).toMatchObject({ owner: { pid: victim.pid } });
    const brief = { timeout: 90_000, patience: 1_000 };
    expect(await holdFolder(dirname(held), brief)).toBeUndefined();
    await harness.endFaults();
    const { outputs } = await granted;
    const { accounts, serviceInstances } = await harness.books();
    expect(accounts).toMatchObject([{ accountId: outputs.accountId }]);
    expect(serviceInstances.map(({ service }) => service)).toEqual(["workers:free"]);
    await broker.close();
  });
});
