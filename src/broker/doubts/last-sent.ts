import { SENT_AGAIN_AT } from "../ledger/intent-book.ts";
import type { Intent } from "../ledger/ledger.ts";

/** When an act was sent last, milliseconds since the epoch: an absence says nothing as long as that attempt may still arrive. */
export function lastSent({ parameters, dispatchedAt, recordedAt }: Intent): number {
  const again = parameters[SENT_AGAIN_AT];
  return typeof again === "number" ? again : (dispatchedAt ?? recordedAt);
}
