import type { IssueAnswer, Issuer } from "../../adapters/issuers/contract.ts";
import { formatMoney, type Money, parseMoney } from "../../util/money.ts";
import { eventOf, explainWaiting, perform, settleRefused } from "../act.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, IntentRequest } from "../ledger/ledger.ts";
import type { LeaseInputs } from "../protocol.ts";
import type { AccountAccess } from "./account-access.ts";

type Inputs = LeaseInputs["payment-token"];

/** A token that was issued, and the intent to settle. */
export interface Issued {
  readonly intent: Intent;
  readonly token: IssueAnswer & { readonly kind: "issued" };
}

/** Issues through the first healthy issuer; an unfinished issue stays with its own. */
export async function issueToken(
  context: BrokerContext,
  access: AccountAccess,
  inputs: Inputs,
  unfinished: Intent | undefined,
  identify: (
    offset: number,
  ) => Pick<
    IntentRequest,
    "key" | "kind" | "verb" | "identity" | "generation" | "lease" | "fingerprint" | "count"
  >,
): Promise<Issued | BrokerFailure> {
  const terms = context.providers[inputs.provider];
  if (terms === undefined) return fail("unknown_provider");
  const cap = parseMoney(inputs.cap);
  if (cap === undefined) return fail("bad_request");
  const refusal = refuseCap(context, cap);
  if (refusal !== undefined) return refusal;
  const send = (issuer: Issuer) => (intent: Intent) =>
    issuer.issue({
      key: intent.key,
      payee: String(intent.parameters.payee),
      cap,
      expiresAt: String(intent.parameters.expiresAt),
    });
  const candidates = unfinished === undefined ? inputs.issuers : [unfinished.via];
  let offset = 0;
  for (const id of candidates) {
    const issuer = context.adapters.issuers.find((one) => one.id === id);
    if (issuer === undefined) continue;
    if (unfinished === undefined && (await issuer.isHealthy?.()) === false) continue;
    const ids = identify(offset);
    const via = { ...ids, provider: inputs.provider, via: id };
    const done = await perform<IssueAnswer>(context, {
      open: unfinished ?? {
        ...via,
        parameters: {
          payee: terms.payee,
          expiresAt: formatTime(context.clock.now() + context.timing.paymentTokenLife),
          accountLease: access.account.id,
        },
        run: context.run(),
        stoppable: true,
        event: { ...eventOf(context, via, "payment-token-requested"), amount: inputs.cap },
      },
      repeats: 1,
      send: send(issuer),
    });
    if (done.kind === "denied") return done.failure;
    if (done.kind === "waiting") return explainWaiting(done.answer);
    if (done.answer.kind === "issued") return { intent: done.intent, token: done.answer };
    await settleRefused(context, done.intent, done.answer);
    if (done.answer.kind !== "refused" || done.answer.code !== "unreachable")
      return fail("refused_by_provider");
    offset += 1;
  }
  return fail("no_issuer");
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
