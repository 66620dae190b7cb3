import { type AccountMove, moveAccount } from "./acts/move-account.ts";
import { type ShownClaim, showClaim } from "./acts/show-claim.ts";
import { type ShownDashboard, showDashboard } from "./acts/show-dashboard.ts";
import type { BrokerContext } from "./context.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import { listLeaseNodes, selectNodes } from "./leases/lease-tree.ts";
import type { Lease } from "./ledger/ledger.ts";

/** What a person may have done with the one account that a query names, an id or the beginning of a path, if the matrix lets them. */
export interface AccountCommands {
  /** Lets another orchestrator vouch for it. */
  moveAccount(query: string, to: string): Promise<AccountMove | BrokerFailure>;
  /** The link that makes an unclaimed one somebody's own. */
  showClaim(query: string): Promise<ShownClaim | BrokerFailure>;
  /** A link that signs a person in at its dashboard. */
  showDashboard(query: string): Promise<ShownDashboard | BrokerFailure>;
}

/** `ask` runs work with the ledger's failures as answers. */
export function createAccountCommands(
  context: BrokerContext,
  ask: <T>(work: () => Promise<T>) => Promise<T | BrokerFailure>,
): AccountCommands {
  const withAccount = <T>(query: string, work: (lease: Lease) => Promise<T | BrokerFailure>) =>
    ask(async () => {
      const all = listLeaseNodes(await context.ledger.openLeases());
      const [node, ...more] = selectNodes(all, query).filter(({ kind }) => kind === "account");
      const lease = more.length > 0 ? undefined : await context.ledger.lease(node?.id ?? "");
      return lease === undefined ? fail("account_missing") : work(lease);
    });
  return {
    moveAccount: (query, to) => withAccount(query, (lease) => moveAccount(context, lease, to)),
    showClaim: (query) => withAccount(query, (lease) => showClaim(context, lease)),
    showDashboard: (query) => withAccount(query, (lease) => showDashboard(context, lease)),
  };
}
