import type { AccountCredentials } from "../../adapters/orchestrators/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import type { BrokerContext } from "../context.ts";

/**
 * What an account's lease tells of its session. That `orchestrator` can end it is written down while that one is connected: when it is not, nobody else knows
 * whether something lives on that could be ended.
 */
export function noteSession(
  context: BrokerContext,
  provider: string,
  orchestrator: string,
  { expiresAt, livesOn }: AccountCredentials,
): Readonly<Record<string, Json>> {
  const adapter = context.adapters.orchestrators[provider]?.find(({ id }) => id === orchestrator);
  return {
    orchestrator,
    sessionExpiresAt: expiresAt,
    endsSessions: adapter?.endSession !== undefined,
    ...(adapter?.makesAnother && { makesAnother: true }),
    sessionLivesOn: livesOn === true,
  };
}
