import type { BrokerContext } from "../context.ts";

/** The freeze that a provider is under, if there is one. */
export async function findFreeze(
  context: BrokerContext,
  provider: string,
): Promise<{ readonly scope: string } | undefined> {
  const freezes = await context.ledger.freezes();
  return freezes.find(({ scope }) => scope === "all" || scope === provider);
}
