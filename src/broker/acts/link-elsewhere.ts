import { eventOf, explainWaiting, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import type { Intent } from "../ledger/ledger.ts";
import { type Answer, isOpen, type Opening } from "./handler.ts";
import { requestLink } from "./request-link.ts";
import { settleAccount } from "./settle-account.ts";

/**
 * An account request whose orchestrator stays silent may have made an account, now or later. So another orchestrator never makes one: it may only open
 * the account that the provider says exists for this principal. Undefined: none could, and the outcome stays unknown.
 */
export async function linkElsewhere(
  context: BrokerContext,
  { inputs, identity }: Opening<"account">,
  intent: Intent,
): Promise<Answer<"account"> | undefined> {
  const { email, name } = intent.parameters;
  const target = {
    verb: "link",
    lease: intent.lease,
    identity,
    provider: inputs.provider,
    email: String(email),
    name: String(name),
  } as const;
  for (const id of inputs.orchestrators) {
    const orchestrator = context.adapters.orchestrators[inputs.provider]?.find(
      (one) => one.id === id,
    );
    if (orchestrator === undefined || id === intent.via || !orchestrator.capabilities.links)
      continue;
    if (!(await orchestrator.isHealthy())) continue;
    const done = await requestLink(context, target, orchestrator);
    if (done.kind === "elsewhere") continue;
    if (done.kind === "denied") return done.failure;
    const { answer } = done;
    if (done.kind === "waiting") {
      if (answer.kind === "consent") return explainWaiting(answer);
      continue;
    }
    if (answer.kind === "connected") {
      // Before the request ends: after it nobody asks for it again.
      await dropRequest(context, intent);
      // The link ends first: a crash between the two leaves the request open, and the link is asked for again, which makes nothing.
      await settle(context, done.intent, {
        state: "settled",
        events: [eventOf(context, done.intent, "account-link-opened")],
      });
      const { parameters } = done.intent;
      return settleAccount(context, { inputs, identity }, intent, answer, { via: id, parameters });
    }
    await settleRefused(context, done.intent, answer);
  }
  return undefined;
}

/** There is an account, or certainly none, so what another orchestrator was asked in the meantime is over. */
export async function dropLink(
  context: BrokerContext,
  { identity }: Pick<Opening<"account">, "identity">,
): Promise<void> {
  const link = await context.ledger.latestIntent(identity, "account", "link");
  if (link === undefined || !isOpen(link)) return;
  await dropRequest(context, link);
  await settleRefused(context, link, { kind: "refused", code: "superseded" });
}

/** What an orchestrator keeps of a request that is settled without it must not live on. Tried once: the request is no lease that could wait for it. */
async function dropRequest(
  context: BrokerContext,
  { provider, via, parameters }: Intent,
): Promise<void> {
  const orchestrator = context.adapters.orchestrators[provider]?.find((one) => one.id === via);
  await orchestrator?.dropRequest?.(String(parameters.requestId));
}
