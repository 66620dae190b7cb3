import type { AccountAnswer, Orchestrator } from "../../adapters/orchestrators/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { Secret } from "../../util/secret.ts";
import { eventOf, explainWaiting, leaseEvent, perform, settleRefused } from "../act.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import { fail } from "../errors.ts";
import type { Intent, IntentRequest, Lease, LeaseWrite } from "../ledger/ledger.ts";
import type { LeaseOutputs } from "../protocol.ts";
import { openSecrets } from "../secrets.ts";
import { refreshSession } from "./account-access.ts";
import { claimAppDomain } from "./app-domain.ts";
import { endSession } from "./end-session.ts";
import { explainAccountRefusal } from "./explain-account-refusal.ts";
import {
  type Answer,
  GONE,
  type Gone,
  type Handler,
  identifyIntent,
  type Opening,
} from "./handler.ts";
import { isAccountOver } from "./is-account-over.ts";
import { dropLink, linkElsewhere } from "./link-elsewhere.ts";
import { retryRevocations } from "./revocations.ts";
import { settleAccount } from "./settle-account.ts";

/** How long a person has to consent; as long as a repeated request is relied on to make no second account. */
const REQUEST_LIFE_MS = 86_400_000;

/** Accounts at providers, opened through the first healthy orchestrator. Never closed at the provider. */
export const accountHandler: Handler<"account"> = {
  open: openAccount,

  async adopt(context, lease, inputs) {
    if (lease.state === "kept" && (await isAccountOver(context, lease)))
      return unlink(context, lease);
    await dropLink(context, lease);
    const next: LeaseWrite = { ...lease, state: "live", inputs: inputs as unknown as Json };
    await context.ledger.change({
      lease: next,
      events: [leaseEvent(context, next, "account-adopted")],
    });
    return claimAppDomain(context, { ...lease, ...next });
  },

  async read(_context, lease) {
    if (lease.state !== "live") return GONE;
    return grant(lease);
  },

  async update(context, lease, inputs) {
    const next: LeaseWrite = { ...lease, inputs: inputs as unknown as Json };
    await context.ledger.change({
      lease: next,
      events: [leaseEvent(context, next, "account-updated")],
    });
    return grant(lease);
  },

  async remove(context, lease) {
    if (lease.notes.makesAnother === true || (await isNeeded(context, lease))) {
      const next: LeaseWrite = { ...lease, state: "kept" };
      await context.ledger.change({
        lease: next,
        events: [leaseEvent(context, next, "account-kept")],
      });
      return GONE;
    }
    return unlink(context, lease);
  },

  /** The session ends at the provider where the orchestrator can end it; elsewhere it is forgotten, and what was issued dies when it expires. */
  async revoke(context, lease) {
    if (!(await endSession(context, lease))) return fail("not_revoked");
    const next: LeaseWrite = { ...lease, state: "revoked" };
    await context.ledger.change({
      lease: next,
      secrets: {},
      events: [leaseEvent(context, next, "session-ended")],
    });
    return undefined;
  },

  rotate: (context, lease) =>
    context.exclusively(`credential/${lease.id}`, async () => {
      const orchestrator = context.adapters.orchestrators[lease.provider]?.find(
        (one) => one.id === lease.notes.orchestrator,
      );
      if (orchestrator === undefined) return fail("no_orchestrator");
      const { accessToken, refreshToken } = await openSecrets(context, lease.id);
      const fresh = await refreshSession(context, lease, orchestrator, refreshToken);
      if (!(fresh instanceof Secret)) return fresh;
      // Who is told that it is rotated takes the former one for dead.
      return fresh.reveal() === accessToken?.reveal() ? fail("session_not_rotated") : undefined;
    }),
};

/** Tries the orchestrators in their order. An unfinished request stays with its own: another one might make a second account. */
async function openAccount(
  context: BrokerContext,
  opening: Opening<"account">,
): Promise<Answer<"account">> {
  const { inputs, identity } = opening;
  const adapters = context.adapters.orchestrators[inputs.provider];
  if (adapters === undefined) return fail("unknown_provider");
  let { intent, generation } = opening;
  if (intent !== undefined && isConsentOver(context, intent)) {
    await settleRefused(context, intent, { kind: "refused", code: "consent_expired" });
    generation = intent.generation + 1;
    intent = undefined;
  }
  if (intent !== undefined) {
    const orchestrator = adapters.find((one) => one.id === intent?.via);
    return askAgain(context, opening, orchestrator, intent);
  }
  for (const id of inputs.orchestrators) {
    const orchestrator = adapters.find((one) => one.id === id);
    if (orchestrator === undefined || !(await orchestrator.isHealthy())) continue;
    const ids = identifyIntent("account", "create", identity, generation, inputs);
    const answer = await request(context, opening, orchestrator, {
      ...ids,
      provider: inputs.provider,
      via: id,
      parameters: {
        requestId: `areq_${ids.key.slice(0, 40)}`,
        email: inputs.principal,
        name: identity.project,
        expiresAt: formatTime(context.clock.now() + REQUEST_LIFE_MS),
      },
      run: context.run(),
      count: "accounts",
      stoppable: true,
      event: {
        ...eventOf(context, { ...ids, provider: inputs.provider, via: id }, "account-requested"),
        actor: { ...context.actor(), agent: inputs.agent, principal: inputs.principal },
      },
    });
    if (answer === "unknown") return linkOrWait(context, opening);
    if (answer !== "unreachable") return answer;
    generation += 1;
  }
  return fail("no_orchestrator");
}

/** The request's own orchestrator first; only its silence lets another one look for the account. */
async function askAgain(
  context: BrokerContext,
  opening: Opening<"account">,
  orchestrator: Orchestrator | undefined,
  intent: Intent,
): Promise<Answer<"account">> {
  if (orchestrator === undefined) return linkOrWait(context, opening);
  const answer = await request(context, opening, orchestrator, intent);
  if (answer === "unknown") return linkOrWait(context, opening);
  if (answer === "unreachable") return fail("no_orchestrator");
  await dropLink(context, opening);
  return answer;
}

async function linkOrWait(
  context: BrokerContext,
  opening: Opening<"account">,
): Promise<Answer<"account">> {
  const intent = await context.ledger.latestIntent(opening.identity, "account", "create");
  const isSilent = intent?.state === "dispatched" && intent.waiting === "unknown";
  const linked = isSilent ? await linkElsewhere(context, opening, intent) : undefined;
  return linked ?? fail(isSilent ? "outcome_unknown" : "no_orchestrator");
}

async function request(
  context: BrokerContext,
  opening: Opening<"account">,
  orchestrator: Orchestrator,
  open: Intent | IntentRequest,
): Promise<Answer<"account"> | "unreachable" | "unknown"> {
  const { parameters } = open;
  const done = await perform<AccountAnswer>(context, {
    open,
    repeats: 1,
    send: () =>
      orchestrator.requestAccount({
        requestId: String(parameters.requestId),
        email: String(parameters.email),
        name: String(parameters.name),
        expiresAt: String(parameters.expiresAt),
      }),
    // What nobody claims is gone by itself; until then who vouches asks for no second one, however long that takes.
    ...(orchestrator.capabilities.needsClaim && {
      settleDoubt: async () => ({ kind: "send" as const }),
      isOver: (last: AccountAnswer) => last.kind === "refused" && last.code === "claim_expired",
    }),
  });
  if (done.kind === "denied") return done.failure;
  const { intent, answer } = done;
  if (done.kind === "waiting")
    return answer.kind === "unknown" ? "unknown" : explainWaiting(answer);
  if (answer.kind === "connected") return settleAccount(context, opening, intent, answer);
  await settleRefused(context, intent, answer);
  if (answer.kind !== "refused") return fail("refused_by_provider");
  return answer.code === "unreachable" ? "unreachable" : explainAccountRefusal(answer);
}

/** Forgets an account, which is left alone at the provider. */
async function unlink(context: BrokerContext, lease: Lease): Promise<Gone> {
  const next: LeaseWrite = { ...lease, state: "closed" };
  await context.ledger.change({
    lease: next,
    events: [leaseEvent(context, next, "account-unlinked")],
  });
  return GONE;
}

function isConsentOver(context: BrokerContext, intent: Intent): boolean {
  return (
    intent.waiting === "consent" &&
    context.clock.now() > Date.parse(String(intent.parameters.expiresAt))
  );
}

/** A domain, or anything that could not be revoked yet, needs the account's credential. */
async function isNeeded(context: BrokerContext, account: Lease): Promise<boolean> {
  await retryRevocations(context);
  const leases = await context.ledger.openLeases();
  if (leases.some((lease) => lease.parent === account.id)) return true;
  const intents = await context.ledger.openIntents();
  if (intents.some((intent) => intent.parameters.accountLease === account.id)) return true;
  const revocations = await context.ledger.revocations();
  const parents = await Promise.all(
    revocations.map(async ({ lease }) => (await context.ledger.lease(lease))?.parent),
  );
  return parents.includes(account.id);
}

function grant(lease: Lease): Answer<"account"> {
  return {
    ok: true,
    id: lease.id,
    outputs: lease.outputs as unknown as LeaseOutputs["account"],
  };
}
