import { deliverAlerts, findUntold } from "../alerts/deliver-alerts.ts";
import type { BrokerContext } from "./context.ts";
import type { Intent } from "./ledger/ledger.ts";

type Context = Pick<BrokerContext, "alerts" | "exclusively" | "ledger">;

/** Raises what has become of unknown outcomes and takes every alert to the sinks; for the beginning and the end of a run. */
export async function tellPeople({ alerts, exclusively, ledger }: Context): Promise<void> {
  await ledger.raiseUnknown();
  await exclusively("alerts", () => deliverAlerts(alerts));
}

/**
 * Before a dispatch: tells people what waits to be told. Answers with the cap of an alert that stands in the act's way, because no sink whose word counts has
 * accepted it; undefined when the act may be sent.
 */
export async function findUnheard(
  { alerts, exclusively, ledger }: Context,
  { key }: Intent,
): Promise<string | undefined> {
  // One act at a time takes them there, so that others find them told; where nobody accepts, each fails by itself.
  await exclusively("alerts", () => deliverAlerts(alerts));
  const [untold] = await findUntold(alerts, await ledger.capsOf(key));
  return untold?.cap;
}
