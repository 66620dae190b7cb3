import type { DomainAnswer, VendorClient } from "../../adapters/vendors/contract.ts";
import { parseMoney } from "../../util/money.ts";
import type { Doubt } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { lastSent } from "../doubts/last-sent.ts";
import type { Intent } from "../ledger/ledger.ts";
import { pollPending } from "./poll.ts";

type Input = Parameters<VendorClient["registerDomain"]>[0];

/**
 * Settles whether a registration that may have been sent has happened. The domain's name is the provider's idempotency key, so an absent one can be sent again,
 * unless the price has risen above what is held. An absence that lasts beyond the consistency window, of a name that could still be had, then ends the act.
 */
export async function settleDomainDoubt(
  context: BrokerContext,
  vendor: VendorClient,
  input: Input,
  intent: Intent,
): Promise<Doubt<DomainAnswer>> {
  const { absenceChecks, absencePause, consistencyWindow } = context.timing;
  let seen: DomainAnswer = { kind: "absent" };
  // A failure that is shown may be that of an earlier registration, so it too must last.
  for (let look = 1; look <= absenceChecks; look++) {
    seen = await vendor.readDomain(input);
    if (seen.kind !== "absent" && seen.kind !== "refused")
      return {
        kind: "answer",
        answer: await pollPending(context, seen, () => vendor.readDomain(input)),
      };
    if (look < absenceChecks) await context.clock.sleep(absencePause);
  }
  if (seen.kind === "refused") return { kind: "answer", answer: seen };
  const held = await context.ledger.heldBy(intent.key);
  const agreed = parseMoney(String(intent.parameters.price)) ?? held;
  const quote = await vendor.quoteDomain(input);
  const isSamePrice =
    quote.kind === "quoted" &&
    agreed !== undefined &&
    quote.price.currency === agreed.currency &&
    quote.price.minor <= agreed.minor;
  if (isSamePrice) return { kind: "send" };
  // A name that is taken may have been taken by us: only one that can be had was certainly not registered.
  if (quote.kind !== "quoted")
    return { kind: "answer", answer: { kind: "unknown", code: quote.code } };
  const age = context.clock.now() - lastSent(intent);
  return age > consistencyWindow
    ? { kind: "answer", answer: { kind: "refused", code: "never_happened" } }
    : { kind: "answer", answer: { kind: "unknown", code: "price_changed" } };
}
