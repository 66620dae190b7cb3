import type { AccountRecord, ChargeOutcome, SandboxContext } from "../context.ts";
import { capture } from "./payments.ts";

/** `SandboxContext.charge`: a provider charges the payment token that was presented for an account. */
export function chargeAccount(
  context: Pick<SandboxContext, "store" | "now" | "random">,
  input: Parameters<SandboxContext["charge"]>[0],
): ChargeOutcome {
  if (input.amount.minor <= 0n) throw new Error("a charge is more than zero");
  return context.store.transaction((): ChargeOutcome => {
    const done = context.store.collection<string>("charge-keys");
    const scoped = JSON.stringify([input.provider, input.accountId, input.key]);
    const chargeId = done.get(scoped);
    if (chargeId !== undefined) return { ok: true, chargeId };
    const account = context.store
      .collection<AccountRecord>("accounts")
      .get(`${input.provider}/${input.accountId}`);
    if (account?.paymentToken === undefined) return { ok: false, code: "no_payment_method" };
    const outcome = capture(context, {
      id: account.paymentToken,
      provider: input.provider,
      accountId: input.accountId,
      amount: input.amount,
      description: input.description,
      key: input.key,
      paymentIntent: `pi_${context.random(12)}`,
    });
    if (outcome.ok) {
      done.put(scoped, outcome.charge.chargeId);
      return { ok: true, chargeId: outcome.charge.chargeId };
    }
    if (outcome.code === "token_inactive" || outcome.code === "limit_exceeded")
      return { ok: false, code: outcome.code };
    return { ok: false, code: "declined" };
  });
}
