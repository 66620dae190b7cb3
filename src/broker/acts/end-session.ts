import type { BrokerContext } from "../context.ts";
import type { Lease } from "../ledger/ledger.ts";
import { openSecrets } from "../secrets.ts";

/**
 * Makes the credentials of an account's session die at the provider. False when that was tried and not confirmed. Where the orchestrator knows no end
 * of a session (the provisioning protocol 0.1d has none) or is connected no more, forgetting it is all that can be done.
 */
export async function endSession(context: BrokerContext, account: Lease): Promise<boolean> {
  const orchestrator = context.adapters.orchestrators[account.provider]?.find(
    (one) => one.id === account.notes.orchestrator,
  );
  const { accessToken, refreshToken } = await openSecrets(context, account.id);
  if (orchestrator?.endSession === undefined || accessToken === undefined) return true;
  const ended = await orchestrator.endSession({ accessToken, refreshToken });
  return ended.kind === "ended";
}
