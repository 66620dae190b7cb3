import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { BrokerAnswer, BrokerRequest } from "../../src/broker/protocol.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";
import { GUARDRAILS, MANIFEST } from "../../src/operations/attack/arena.ts";
import { type BrokerSession, openBrokerSession } from "../../src/operations/broker-session.ts";
import { compileSources } from "../../src/operations/compile-sources.ts";
import { openSandbox } from "../../src/operations/open-sandbox.ts";
import type { Refusal } from "../../src/operations/outcome.ts";
import type { Workplace } from "../../src/operations/workplace.ts";

export const PLACE = { project: "arena", stack: "local" } as const;

/** A project with a sandbox, on a machine that remembers nothing yet. */
export async function prepareArena(limits: Partial<Limits> = {}) {
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

export async function begin(opened: Promise<BrokerSession | Refusal>): Promise<BrokerSession> {
  const session = await opened;
  if ("ok" in session) throw new Error(session.failure.message);
  return session;
}

/** Asks for something of the arena, as the run itself. */
export function askFor(
  session: BrokerSession,
  kind: string,
  resource: string,
  inputs: object,
): Promise<BrokerAnswer> {
  return session.broker.handle({
    ...{ verb: "create", kind, inputs },
    identity: { ...PLACE, resource },
  } as BrokerRequest);
}

/** What buys a domain in the arena, once account and payment token are there. */
export async function prepareToBuy(
  session: BrokerSession,
): Promise<(name: string) => Promise<BrokerAnswer>> {
  const about = { provider: "cloudflare", orchestrators: ["stripe"], agent: "mallory" };
  const account = await askFor(session, "account", "cloudflare.account", {
    ...about,
    principal: "owner@example.com",
  });
  const { accountId } = (account.ok && "outputs" in account ? account.outputs : {}) as {
    readonly accountId?: string;
  };
  const payment = await askFor(session, "payment-token", "cloudflare.payment-token", {
    ...{ provider: "cloudflare", account: accountId, issuers: ["stripe"], cap: "60.00 USD" },
  });
  return (name) =>
    askFor(session, "domain", name, {
      ...{ provider: "cloudflare", account: accountId, domain: `${name}.com`, years: 1 },
      ...{ maxPrice: "12.00 USD", autoRenew: false },
      paymentToken: payment.ok && "outputs" in payment ? payment.id : "",
    });
}
