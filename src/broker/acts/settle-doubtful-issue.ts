import type { IssueAnswer } from "../../adapters/issuers/contract.ts";
import { parseMoney } from "../../util/money.ts";
import { eventOf, perform, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import type { Intent } from "../ledger/ledger.ts";
import type { Identity } from "../protocol.ts";
import { isOpen } from "./handler.ts";

/**
 * A payment token that may have been issued while another issuer took over: asked for again under its key, and revoked at once when it is there. After its own
 * end nothing can come of it at an issuer that enforces the end. True when it is over, or what it may take is held.
 */
export async function settleDoubtfulIssue(
  context: BrokerContext,
  intent: Intent,
): Promise<boolean> {
  const { payee, expiresAt, cap: text } = intent.parameters;
  const issuer = context.adapters.issuers.find((one) => one.id === intent.via);
  const cap = parseMoney(String(text));
  if (issuer === undefined || cap === undefined) return isHeld(context, intent);
  if (issuer.capabilities.expiry && Date.parse(String(expiresAt)) <= context.clock.now()) {
    await settleRefused(context, intent, { kind: "refused", code: "expired" });
    return true;
  }
  const order = { key: intent.key, payee: String(payee), expiresAt: String(expiresAt), cap };
  const done = await perform<IssueAnswer>(context, {
    open: intent,
    send: () => issuer.issue(order),
  });
  if (done.kind !== "answered") return isHeld(context, intent);
  if (done.answer.kind === "issued") {
    await context.ledger.note([eventOf(context, done.intent, "payment-token-revoking")]);
    await context.ledger.exportLog();
    const state = await issuer.revoke(done.answer.token);
    if (state.kind !== "deactivated" && state.kind !== "absent") return isHeld(context, intent);
  }
  const code = done.answer.kind === "issued" ? "superseded" : done.answer.code;
  await settleRefused(context, done.intent, { kind: "refused", code });
  return true;
}

/** Issues of payment tokens without an outcome that are not the newest of their resource: another took their place. */
export async function listDoubtfulIssues(
  context: BrokerContext,
  identity?: Identity,
): Promise<readonly Intent[]> {
  const open = (await context.ledger.openIntents()).filter(
    (one) =>
      one.kind === "payment-token" &&
      (one.verb === "create" || one.verb === "replace") &&
      one.attempts > 0 &&
      (identity === undefined || isSame(one.identity, identity)),
  );
  const newest = await Promise.all(
    open.map(({ identity: of, kind, verb }) => context.ledger.latestIntent(of, kind, verb)),
  );
  return open.filter(({ key }, index) => newest[index]?.key !== key && newest[index] !== undefined);
}

/** With every run: what can be found out by now. */
export async function settleDoubtfulIssues(context: BrokerContext): Promise<void> {
  for (const { key, identity } of await listDoubtfulIssues(context)) {
    const { project, stack, resource } = identity;
    await context.exclusively(`lease/${project}/${stack}/payment-token/${resource}`, async () => {
      const intent = (await context.ledger.openIntents()).find((one) => one.key === key);
      if (intent !== undefined && isOpen(intent)) await settleDoubtfulIssue(context, intent);
    });
  }
}

async function isHeld(context: BrokerContext, { key }: Intent): Promise<boolean> {
  return (await context.ledger.capsOf(key)).some((account) => account.startsWith("total/"));
}

function isSame(a: Identity, b: Identity): boolean {
  return a.project === b.project && a.stack === b.stack && a.resource === b.resource;
}
