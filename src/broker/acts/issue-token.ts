import type { IssueAnswer, Issuer, TokenOrder } from "../../adapters/issuers/contract.ts";
import { formatMoney, type Money, parseMoney } from "../../util/money.ts";
import { eventOf, explainWaiting, perform, settleRefused } from "../act.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, IntentRequest } from "../ledger/ledger.ts";
import type { LeaseInputs } from "../protocol.ts";
import type { AccountAccess } from "./account-access.ts";
import { listDoubtfulIssues, settleDoubtfulIssue } from "./settle-doubtful-issue.ts";

type Inputs = LeaseInputs["payment-token"];

/** A token that was issued, and the intent to settle. */
export interface Issued {
  readonly intent: Intent;
  readonly token: IssueAnswer & { readonly kind: "issued" };
}

type Identify = (
  offset: number,
) => Pick<
  IntentRequest,
  "key" | "kind" | "verb" | "identity" | "generation" | "lease" | "fingerprint" | "count"
>;

/**
 * Issues through the first healthy issuer. An unfinished issue stays with its own until it is known what came of it; only when that one is down now, and what
 * it may have issued is held under every cap, does the next issuer take over, and the first one's token is revoked as soon as it can be asked.
 */
export async function issueToken(
  context: BrokerContext,
  access: AccountAccess,
  inputs: Inputs,
  unfinished: Intent | undefined,
  identify: Identify,
): Promise<Issued | BrokerFailure> {
  const cap = parseMoney(inputs.cap);
  if (context.providers[inputs.provider] === undefined) return fail("unknown_provider");
  if (cap === undefined) return fail("bad_request");
  const refusal = refuseCap(context, cap);
  if (refusal !== undefined) return refusal;
  for (const doubtful of await listDoubtfulIssues(context, identify(0).identity))
    if (doubtful.key !== unfinished?.key && !(await settleDoubtfulIssue(context, doubtful)))
      return fail("outcome_unknown");
  const rest = inputs.issuers.filter((id) => id !== unfinished?.via);
  const candidates = unfinished === undefined ? rest : [unfinished.via, ...rest];
  let open = unfinished;
  let offset = 0;
  let doubt: BrokerFailure | undefined;
  for (const id of candidates) {
    const issuer = context.adapters.issuers.find((one) => one.id === id);
    if (issuer === undefined && open === undefined) continue;
    if (issuer === undefined) return fail("no_issuer");
    if (open === undefined && (await issuer.isHealthy?.()) === false) continue;
    const request = open ?? buildRequest(context, access, inputs, issuer, identify(offset));
    const done = await perform<IssueAnswer>(context, {
      open: request,
      repeats: 1,
      send: (intent) => issuer.issue(orderOf(intent, cap)),
    });
    if (done.kind === "denied") return done.failure;
    if (done.kind === "answered" && done.answer.kind === "issued")
      return { intent: done.intent, token: done.answer };
    if (done.kind === "waiting") {
      doubt = explainWaiting(done.answer);
      if (!(await mayTakeOver(context, issuer, done.intent, cap))) return doubt;
    } else if (done.answer.kind === "refused") {
      await settleRefused(context, done.intent, done.answer);
      if (done.answer.code !== "unreachable") return fail("refused_by_provider");
    }
    open = undefined;
    offset += 1;
  }
  return doubt ?? fail("no_issuer");
}

/** Whether another issuer may be asked although this one may have issued: it is down, so that nothing can be found out, and the cap of what it may have issued is held. */
async function mayTakeOver(
  context: BrokerContext,
  issuer: Issuer,
  intent: Intent,
  cap: Money,
): Promise<boolean> {
  if ((await issuer.isHealthy?.()) !== false) return false;
  const event = {
    ...eventOf(context, intent, "payment-token-doubted"),
    amount: formatMoney(cap),
  };
  return (await context.ledger.holdDoubt(intent.key, cap, event)) === undefined;
}

function buildRequest(
  context: BrokerContext,
  access: AccountAccess,
  inputs: Inputs,
  issuer: Issuer,
  ids: ReturnType<Identify>,
): IntentRequest {
  const terms = context.providers[inputs.provider];
  const via = { ...ids, provider: inputs.provider, via: issuer.id };
  return {
    ...via,
    parameters: {
      payee: terms?.payees?.[issuer.id] ?? terms?.payee ?? "",
      expiresAt: formatTime(context.clock.now() + context.timing.paymentTokenLife),
      cap: inputs.cap,
      accountLease: access.account.id,
    },
    run: context.run(),
    stoppable: true,
    event: { ...eventOf(context, via, "payment-token-requested"), amount: inputs.cap },
  };
}

function orderOf({ key, parameters }: Intent, cap: Money): TokenOrder {
  return { key, cap, payee: String(parameters.payee), expiresAt: String(parameters.expiresAt) };
}

/** A token that could take more than a provider, or all of them, may cost in a month would be a hole in the caps. */
function refuseCap(context: BrokerContext, cap: Money): BrokerFailure | undefined {
  const caps = { provider: context.limits.perProvider, total: context.limits.total };
  for (const [name, limit] of Object.entries(caps)) {
    if (limit.currency !== cap.currency)
      return fail("currency_mismatch", { amount: formatMoney(cap), cap: name });
    if (cap.minor > limit.minor)
      return fail("cap_exceeded", {
        amount: formatMoney(cap),
        cap: name,
        limit: formatMoney(limit),
      });
  }
  return undefined;
}
