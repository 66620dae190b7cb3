import { didYouMean } from "../diagnostics/did-you-mean.ts";
import { findLedger } from "./find-ledger.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { readLedgerSummary } from "./read-ledger-summary.ts";
import { type RightsPlace, strictLimits } from "./rights-session.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Says no to the end of a freeze of a provider that is not frozen by its name: a mistyped one would stay frozen, and it would look as if it did not. A ledger that
 * can't be read says so itself, later.
 */
export async function refuseNotFrozen(
  workplace: Workplace,
  { root, live }: RightsPlace,
  name: string,
): Promise<Refusal | undefined> {
  const ledger = findLedger(workplace, root, { live });
  if ("ok" in ledger) return undefined;
  const summary = await readLedgerSummary(ledger, strictLimits());
  if (summary !== undefined && "ok" in summary) return undefined;
  const frozen = (summary?.frozen ?? []).map(({ scope }) => scope);
  if (frozen.includes(name)) return undefined;
  const near = didYouMean(name, new Set(frozen));
  return refuse({
    kind: "usage",
    code: "not-frozen",
    message: `nothing was changed: ${JSON.stringify(name)} is not frozen by its name`,
    remedy:
      near !== undefined
        ? `Did you mean \`${near}\`?`
        : frozen.length === 0
          ? "Nothing is frozen."
          : `Frozen: ${frozen.map((scope) => `\`${scope}\``).join(", ")}.${frozen.includes("all") ? " `npx supercargo unfreeze` ends the freeze of all." : ""}`,
  });
}
