import { parseMoney } from "../../util/money.ts";
import type { BrokerContext } from "../context.ts";
import type { Spend } from "../ledger/ledger.ts";
import type { LeaseInputs } from "../protocol.ts";
import type { AccountAccess } from "./account-access.ts";

/** The live payment token of this account with this lease id, and its cap; undefined when there is none or it is over. */
export async function findPaymentToken(
  context: BrokerContext,
  access: Pick<AccountAccess, "account">,
  id: string,
): Promise<Spend["token"]> {
  const lease = await context.ledger.lease(id);
  const isUsable =
    lease?.kind === "payment-token" &&
    lease.state === "live" &&
    lease.parent === access.account.id &&
    (lease.expiresAt ?? 0) > context.clock.now();
  if (!isUsable) return undefined;
  const cap = parseMoney((lease.inputs as unknown as LeaseInputs["payment-token"]).cap);
  return cap === undefined ? undefined : { lease: lease.id, cap };
}
