import type { BrokerContext } from "../context.ts";
import type { Lease } from "../ledger/ledger.ts";
import { askForKnown } from "./ask-for-known.ts";

/** Whether an account that was kept for its stack is certainly over at the provider. While nobody can say so, it is not. */
export async function isAccountOver(context: BrokerContext, account: Lease): Promise<boolean> {
  if (account.notes.makesAnother !== true) return false;
  const orchestrator = context.adapters.orchestrators[account.provider]?.find(
    (one) => one.id === account.notes.orchestrator,
  );
  const answer = await orchestrator?.requestAccount(askForKnown(account));
  return answer?.kind === "refused" && answer.code === "account_closed";
}
