import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { BrokerRequest } from "../../src/broker/protocol.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";
import { GUARDRAILS, MANIFEST } from "../../src/operations/attack/arena.ts";
import { type BrokerSession, openBrokerSession } from "../../src/operations/broker-session.ts";
import { compileSources } from "../../src/operations/compile-sources.ts";
import { freezeSpending } from "../../src/operations/freeze-spending.ts";
import { openSandbox } from "../../src/operations/open-sandbox.ts";
import type { Refusal } from "../../src/operations/outcome.ts";
import type { Workplace } from "../../src/operations/workplace.ts";

const PLACE = { project: "arena", stack: "local" } as const;

/** A project with a sandbox, on a machine that remembers nothing yet. */
async function prepare(limits: Partial<Limits> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sc-session-"));
  const root = join(folder, "project");
  mkdirSync(root);
  writeFileSync(join(root, "supercargo.yaml"), MANIFEST);
  writeFileSync(join(root, "guardrails.yaml"), GUARDRAILS);
  const workplace: Workplace = {
    cwd: root,
    env: { ...process.env, XDG_STATE_HOME: join(folder, "state") },
    progress: { step: () => undefined, note: () => undefined, show: () => undefined },
    signal: new AbortController().signal,
  };
  const compiled = await compileSources(workplace, {}, { emit: false });
  if ("ok" in compiled) throw new Error("the manifest does not compile");
  const { model } = compiled;
  const bounded = { ...compiled, model: { ...model, limits: { ...model.limits, ...limits } } };
  const sandbox = await openSandbox(root, { daemon: false });
  if ("ok" in sandbox) throw new Error(sandbox.failure.message);
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (): Promise<BrokerSession | Refusal> =>
    openBrokerSession(workplace, bounded, sandbox, {
      subject: "agent:mallory",
      place: { ...PLACE, root, folder: join(root, "stacks/arena") },
    });
  return { folder, root, workplace, open };
}

async function begin(opened: Promise<BrokerSession | Refusal>): Promise<BrokerSession> {
  const session = await opened;
  if ("ok" in session) throw new Error(session.failure.message);
  return session;
}

it("promise 2: an older copy of all of `.supercargo` begins no run, while power can still be taken away", async () => {
  const { folder, root, workplace, open } = await prepare();
  await (await begin(open())).close();
  const [home, backup] = [join(root, ".supercargo"), join(folder, "backup")];
  const isBooks = (path: string) => !path.includes("sandbox");
  cpSync(home, backup, { recursive: true, filter: isBooks });
  await (await begin(open())).close();
  for (const name of [
    "ledger.sqlite",
    "ledger.sqlite-wal",
    "ledger.sqlite-shm",
    "log",
    "seen.json",
  ])
    rmSync(join(home, name), { recursive: true, force: true });
  cpSync(backup, home, { recursive: true });
  for (const moment of ["at once", "after work that only takes power away"]) {
    const refused = await open();
    expect([moment, "ok" in refused && refused.failure]).toMatchObject([
      moment,
      { kind: "person", code: "ledger-rolled-back" },
    ]);
    expect(await freezeSpending(workplace, {})).toMatchObject({ ok: true });
  }
});

it("the cap per agent counts for the one who acts", async () => {
  const { open } = await prepare({ perAgent: { currency: "USD", minor: 1_500n } });
  const session = await begin(open());
  const ask = (kind: string, resource: string, inputs: object) =>
    session.broker.handle({
      ...{ verb: "create", kind, inputs },
      identity: { ...PLACE, resource },
    } as BrokerRequest);
  const about = { provider: "cloudflare", orchestrators: ["stripe"], agent: "mallory" };
  const account = await ask("account", "cloudflare.account", {
    ...about,
    principal: "owner@example.com",
  });
  const { accountId } = (account.ok && "outputs" in account ? account.outputs : {}) as {
    readonly accountId?: string;
  };
  const payment = await ask("payment-token", "cloudflare.payment-token", {
    ...{ provider: "cloudflare", account: accountId, issuers: ["stripe"], cap: "60.00 USD" },
  });
  const buy = (name: string) =>
    ask("domain", name, {
      ...{ provider: "cloudflare", account: accountId, domain: `${name}.com`, years: 1 },
      ...{ maxPrice: "12.00 USD", autoRenew: false },
      paymentToken: payment.ok && "outputs" in payment ? payment.id : "",
    });
  expect(await buy("first-shop")).toMatchObject({ ok: true });
  const second = await buy("second-shop");
  expect(second).toMatchObject({ ok: false, code: "cap_exceeded" });
  expect(second.ok ? "" : second.message).toContain("agent/agent:mallory/");
  await session.close();
});
