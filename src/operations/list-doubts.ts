import type { DoubtLine } from "../broker/doubts/list-doubts.ts";
import type { StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { readLedger } from "./read-ledger.ts";
import { findRights } from "./rights-session.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";

export interface DoubtListing {
  readonly stack: string;
  /** Oldest first. */
  readonly doubts: readonly DoubtLine[];
}

/** Acts that were sent and have no answer, with what would show how they ended. Reads the ledger; disturbs no run. */
export async function listOpenDoubts(
  workplace: Workplace,
  query: StackQuery,
): Promise<Outcome<DoubtListing>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const ledger = findLedger(workplace, place.root, place);
  if ("ok" in ledger) return ledger;
  const [{ listDoubts }, { strictLimits }] = await Promise.all([
    import("../broker/doubts/list-doubts.ts"),
    import("./rights-session.ts"),
  ]);
  const doubts = (await readLedger(ledger, strictLimits(), listDoubts)) ?? [];
  if ("ok" in doubts) return doubts;
  const isTried = doubts.some(({ waiting }) => waiting !== "settled");
  return succeed(
    { stack: place.stack, doubts },
    { nextSteps: isTried ? [suggestCommand("up", query)] : [] },
  );
}
