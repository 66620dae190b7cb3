import type { BrokerSummary } from "../broker/summary.ts";
import type { StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { readLedgerSummary } from "./read-ledger-summary.ts";
import { findRights } from "./rights-session.ts";
import type { Workplace } from "./workplace.ts";

/** One right that was handed out; see `LeaseNode` of the broker. */
export type LeaseEntry = BrokerSummary["tree"][number];

export interface LeaseListing {
  readonly stack: string;
  /** Parents first. */
  readonly leases: readonly LeaseEntry[];
  /** Replaced credentials that could not be revoked yet, by lease. */
  readonly unrevoked: BrokerSummary["unrevoked"];
  readonly frozen: BrokerSummary["frozen"];
}

/** Everything that was handed out and can be taken back, whatever the manifest says now. Reads the ledger; disturbs no run. */
export async function listLeases(
  workplace: Workplace,
  query: StackQuery & { readonly prefix?: string | undefined },
): Promise<Outcome<LeaseListing>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const ledger = findLedger(workplace, place.root, place);
  if ("ok" in ledger) return ledger;
  const [{ strictLimits }, { selectNodes }] = await Promise.all([
    import("./rights-session.ts"),
    import("../broker/leases/lease-tree.ts"),
  ]);
  const summary = await readLedgerSummary(ledger, strictLimits());
  if (summary !== undefined && "ok" in summary) return summary;
  const all = summary?.tree ?? [];
  const leases = query.prefix === undefined ? all : selectNodes(all, query.prefix);
  const unrevoked = summary?.unrevoked ?? [];
  const frozen = summary?.frozen ?? [];
  const warnings = [
    ...leases
      .filter(({ state, kind }) => state === "revoking" && kind !== "session")
      .map(({ path }) => `${path} is handed out no more, but not confirmed dead`),
    ...unrevoked.map(({ lease, kind }) => `a replaced ${kind} of ${lease} is not revoked yet`),
  ];
  return succeed({ stack: place.stack, leases, unrevoked, frozen }, { warnings });
}
