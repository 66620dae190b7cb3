import type { BrokerContext } from "../context.ts";
import type { Lease } from "../ledger/ledger.ts";
import { openSecrets } from "../secrets.ts";

/**
 * Makes the credentials of an account's session die at the provider. So does the sign-in that the orchestrator keeps, which could open a new one.
 * False when that was tried and not confirmed, and when an orchestrator that could end them is not connected now. Where the orchestrator knows no end
 * of a session (the provisioning protocol 0.1d has none), forgetting it is all that can be done.
 */
export async function endSession(context: BrokerContext, account: Lease): Promise<boolean> {
  const orchestrator = context.adapters.orchestrators[account.provider]?.find(
    (one) => one.id === account.notes.orchestrator,
  );
  if (orchestrator === undefined) return account.notes.endsSessions !== true;
  const { accessToken, refreshToken } = await openSecrets(context, account.id);
  if (orchestrator.endSession !== undefined && accessToken !== undefined) {
    const ended = await orchestrator.endSession({ accessToken, refreshToken });
    if (ended.kind !== "ended") return false;
  }
  const forgotten = await orchestrator.endSignIn?.(String(account.notes.email));
  return forgotten === undefined || forgotten.kind === "ended";
}
