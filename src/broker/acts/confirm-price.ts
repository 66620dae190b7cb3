import type { Orchestrator } from "../../adapters/orchestrators/contract.ts";
import { coversPrice } from "../../catalog/covers-price.ts";
import type { BrokerContext, ServiceQuote } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { LeaseInputs } from "../protocol.ts";

/**
 * Holds the approved price against the provider's own list before a service is made, free ones included: a catalogue is a copy, and what is approved is the price
 * and not the name. Undefined where the provider asks no more than was approved, in the same words or in ones that can be compared, or where nobody can be asked.
 */
export async function confirmPrice(
  context: Pick<BrokerContext, "quoteService">,
  orchestrator: Pick<Orchestrator, "readPricing">,
  { provider, service, config }: LeaseInputs["service-instance"],
): Promise<BrokerFailure | undefined> {
  const answer = await orchestrator.readPricing?.(service.slice(provider.length + 1));
  if (answer === undefined) return undefined;
  if (answer.kind === "absent") return fail("service_not_offered");
  if (answer.kind !== "listed") return fail("price_unconfirmed");
  const approved = context.quoteService(service, config);
  const asked = context.quoteService(service, config, answer.pricing ?? null);
  if (approved === undefined || asked === undefined) return fail("price_changed");
  return isSameText(approved, asked) || coversPrice(approved.price, asked.price)
    ? undefined
    : fail("price_changed");
}

/** Word for word the same, and nothing beside it that was not there before: a description may change what the text comes to. */
function isSameText(approved: ServiceQuote, asked: ServiceQuote): boolean {
  const { text = "", detail = "" } = approved;
  const more = asked.detail ?? "";
  return (
    text !== "" &&
    text === asked.text &&
    (more === "" || more === detail) &&
    (approved.price.kind === "free") === (asked.price.kind === "free")
  );
}
