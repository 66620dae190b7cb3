import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Broker, createBroker } from "../../src/broker/broker.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, LIMITS, requests } from "./fakes/requests.ts";

vi.setConfig({ testTimeout: 600_000 });

const VICTIM = join(import.meta.dirname, "failover-victim.ts");
const ACCOUNT = "/provisioning/account_requests$";
const request = requests.account({ orchestrators: ["stripe", "self"] });

describe("failover against the sandbox, over HTTP, compared with the provider's own books", () => {
  let harness: SandboxHarness;
  let home: string;
  beforeEach(async () => {
    harness = await startHarness();
    home = mkdtempSync(join(tmpdir(), "sc-failover-"));
  });
  afterEach(async () => {
    await harness.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function open(): Promise<Broker> {
    const opened = await createBroker({
      home,
      connection: harness.connection,
      limits: LIMITS,
      permits: () => true,
      vendors: {},
      quoteService: () => ({ price: { kind: "usage", rates: [] }, categories: ["storage"] }),
    });
    if (!opened.ok) throw new Error(opened.code);
    return opened.broker;
  }

  const accounts = async () => (await harness.books()).accounts;

  it("takes the second orchestrator when the first is down from the start", async () => {
    await harness.fault("refuse", "GET", "/provisioning/health$", 9);
    const broker = await open();
    const { outputs } = await grant(broker, request);
    expect(outputs.orchestrator).toBe("self");
    expect(await accounts()).toMatchObject([{ orchestrator: "self" }]);
    await broker.close();
  });

  it("lets the second one open the account that the first made and fell silent about", async () => {
    await harness.settings("cloudflare", { linksVerifiedEmails: true });
    await harness.fault("drop-after", "POST", ACCOUNT, 99);
    const broker = await open();
    const { outputs } = await grant(broker, request);
    expect(outputs.orchestrator).toBe("self");
    expect(await accounts()).toMatchObject([
      { accountId: outputs.accountId, orchestrator: "stripe" },
    ]);
    await broker.close();
    expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
  });

  it("asks the person where the provider wants that, and goes on with the consent", async () => {
    await harness.fault("drop-after", "POST", ACCOUNT, 99);
    const broker = await open();
    const asked = await broker.handle(request);
    expect(asked).toMatchObject({ ok: false, code: "consent_required" });
    const link = "link" in asked ? (asked.link ?? "") : "";
    await fetch(`${new URL(link).origin}/providers/cloudflare/authorize/confirm`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({
        state: new URL(link).searchParams.get("state") ?? "",
        decision: "allow",
      }),
    });
    const { outputs } = await grant(broker, request);
    expect(outputs.orchestrator).toBe("self");
    expect(await accounts()).toMatchObject([{ accountId: outputs.accountId }]);
    await broker.close();
  });

  it("makes none through the second one while the first may still have been heard", async () => {
    await harness.settings("cloudflare", { linksVerifiedEmails: true });
    await harness.fault("status500", "POST", ACCOUNT, 4);
    const broker = await open();
    for (let run = 0; run < 2; run++)
      expect(await broker.handle(request)).toMatchObject({ ok: false, code: "outcome_unknown" });
    expect(await accounts()).toEqual([]);
    expect((await grant(broker, request)).outputs.orchestrator).toBe("stripe");
    expect(await accounts()).toHaveLength(1);
    await broker.close();
  });

  it("promise 3: makes one account through two orchestrators although the process is killed in the middle", async () => {
    await harness.settings("cloudflare", { linksVerifiedEmails: true });
    const file = join(home, "connection.json");
    writeFileSync(file, JSON.stringify(harness.connection));
    // Each life is another person's.
    const run = (person: string, dies = "") =>
      new Promise<{ readonly signal: string | null; readonly stdout: string }>((resolve) => {
        const args = [VICTIM, join(home, person), file, `${person}@example.com`, dies];
        execFile(process.execPath, args, (error, stdout) =>
          resolve({ signal: error?.signal ?? null, stdout }),
        );
      });
    await harness.fault("drop-after", "POST", ACCOUNT, 2);
    const seen = (await run("nobody")).stdout.trim().split("\n");
    expect(await accounts()).toHaveLength(1);
    const steps = seen.filter((step) =>
      /after dispatch|before settle|after settle of link/.test(step),
    );
    let killed = 0;
    for (const [index, step] of [...new Set(steps)].entries()) {
      await harness.fault("drop-after", "POST", ACCOUNT, 2);
      const person = `person-${index}`;
      if ((await run(person, step)).signal === "SIGKILL") killed += 1;
      await run(person);
      const own = (await accounts()).filter(({ email }) => email.startsWith(`${person}@`));
      expect(own, step).toHaveLength(1);
    }
    expect(killed).toBeGreaterThan(3);
  });

  it("moves an account to one's own identity provider; what hangs on it lives on", async () => {
    await harness.settings("cloudflare", { linksVerifiedEmails: true });
    const broker = await open();
    const { outputs, id } = await grant(broker, request);
    expect(outputs.orchestrator).toBe("stripe");
    const payment = await grant(broker, requests.payment(outputs.accountId));
    expect(await broker.moveAccount(id, "self")).toMatchObject({
      ok: true,
      oldSession: "expires",
    });
    expect((await grant(broker, request)).outputs).toEqual({ ...outputs, orchestrator: "self" });
    expect((await grant(broker, requests.payment(outputs.accountId))).id).toBe(payment.id);
    const service = await grant(broker, requests.service(outputs.accountId, payment.id));
    expect(service.id).toBeDefined();
    // And back again: the protocol knows no link without a new account, so that is refused.
    expect(await broker.moveAccount(id, "stripe")).toMatchObject({ code: "account_not_movable" });
    const revoked = await broker.revoke(id);
    expect(revoked).toMatchObject({ unconfirmed: [] });
    const { accessTokens } = await harness.books();
    const bearers = accessTokens.filter(({ kind }) => kind === "bearer");
    expect(bearers.map(({ status }) => status)).toEqual(["active", "revoked"]);
    expect(await accounts()).toHaveLength(1);
    await broker.close();
  });
});
