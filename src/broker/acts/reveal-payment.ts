import type { RevealAnswer } from "../../adapters/issuers/contract.ts";
import type { Refused } from "../../adapters/orchestrators/contract.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import type { LeaseWrite } from "../ledger/ledger.ts";
import { openSecrets } from "../secrets.ts";

/**
 * What a provider is given of a payment token, at the moment when it is given: the token itself, or what its issuer reveals for it. Kept nowhere. Nothing
 * was sent to the provider when the issuer says no, which ends an act that was never sent; of one that was it tells nothing.
 */
export async function revealPayment(
  context: BrokerContext,
  lease: LeaseWrite,
): Promise<Exclude<RevealAnswer, { kind: "refused" }> | Refused> {
  const answer = await askIssuer(context, lease);
  return answer.kind === "refused" ? { ...answer, unsent: true } : answer;
}

async function askIssuer(context: BrokerContext, lease: LeaseWrite): Promise<RevealAnswer> {
  const { token } = await openSecrets(context, lease.id);
  const issuer = context.adapters.issuers.find((one) => one.id === lease.notes.issuer);
  if (token === undefined || issuer === undefined)
    return { kind: "refused", code: "payment_token_missing" };
  if (issuer.reveal === undefined)
    return { kind: "revealed", type: "stripe_payment_token", credential: token };
  const terms = context.providers[lease.provider];
  return issuer.reveal(token, {
    payee: terms?.payees?.[issuer.id] ?? terms?.payee ?? "",
    expiresAt: formatTime(lease.expiresAt ?? context.clock.now()),
  });
}
