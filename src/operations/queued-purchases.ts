import type { BrokerSummary } from "../broker/summary.ts";
import type { StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { readLedgerSummary } from "./read-ledger-summary.ts";
import { findRights, type RightsPlace, strictLimits, withRightsBroker } from "./rights-session.ts";
import { suggestCommand } from "./suggest-command.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

/** A purchase that reached nobody and was never sent. */
type QueuedPurchase = BrokerSummary["open"][number];

export interface QueueResult {
  readonly stack: string;
  /** What waits, oldest first. */
  readonly queued: readonly QueuedPurchase[];
  /** What was given back just now. */
  readonly dropped: readonly QueuedPurchase[];
}

export interface QueueQuery extends StackQuery {
  /** What is to be given back: an act's key, the beginning of one, or its resource. Default: nothing. */
  readonly drop?: string | undefined;
}

/**
 * Purchases that wait for a provider to be reached. Whoever asks for it may drop one: that only narrows, so it needs no permission and no confirmation, neither
 * sandbox nor orchestrator. It waits for a running `up`, which may be sending it.
 */
export async function queuedPurchases(
  workplace: Workplace,
  query: QueueQuery,
): Promise<Outcome<QueueResult>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const { drop } = query;
  if (drop !== undefined)
    return takeTurn(workplace, place.root, () => dropQueued(workplace, place, drop));
  const queued = await listQueued(workplace, place);
  if ("ok" in queued) return queued;
  const nextSteps = queued.length > 0 ? [suggestCommand("up", query)] : [];
  return succeed({ stack: place.stack, queued, dropped: [] }, { nextSteps });
}

async function listQueued(
  workplace: Workplace,
  place: RightsPlace,
): Promise<readonly QueuedPurchase[] | Refusal> {
  const ledger = findLedger(workplace, place.root, place);
  if ("ok" in ledger) return ledger;
  const summary = await readLedgerSummary(ledger, strictLimits());
  if (summary !== undefined && "ok" in summary) return summary;
  return (summary?.open ?? []).filter(({ waiting }) => waiting === "queued");
}

async function dropQueued(
  workplace: Workplace,
  place: RightsPlace,
  name: string,
): Promise<Outcome<QueueResult>> {
  const before = await listQueued(workplace, place);
  if ("ok" in before) return before;
  const dropped = before.filter(
    ({ act, identity }) => act.startsWith(name) || identity.resource === name,
  );
  const [only] = dropped;
  const done =
    only !== undefined &&
    dropped.length === 1 &&
    (await withRightsBroker(workplace, place, { connect: false, subject: "somebody" }, (broker) =>
      broker.dropQueued(only.act),
    ));
  if (typeof done === "object") return done;
  if (!done)
    return refuse({
      kind: "usage",
      code: dropped.length > 1 ? "ambiguous-act" : "not-queued",
      message: `${dropped.length} queued purchases have the name ${JSON.stringify(name)}`,
      remedy: "Run `npx supercargo queue` to see them, and give an act's whole name.",
    });
  const queued = before.filter((one) => one !== only);
  return succeed({ stack: place.stack, queued, dropped });
}
