import { loadCatalog } from "../catalog/load-catalog.ts";
import { didYouMean } from "../diagnostics/did-you-mean.ts";
import { compileSources, type StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { readLedgerSummary } from "./read-ledger-summary.ts";
import { type RightsPlace, strictLimits } from "./rights-session.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Says no to the name of a provider that neither catalogue, ledger nor manifest knows: a freeze of a mistyped name would stop nothing and look as if it
 * did. Where the ledger can't be read, nothing is refused, and a manifest that does not compile names nobody: what might be real must be stopped.
 */
export async function refuseUnknownProvider(
  workplace: Workplace,
  query: StackQuery,
  place: RightsPlace,
  name: string,
): Promise<Refusal | undefined> {
  const sold = [...loadCatalog().services.values()].map(({ provider }) => provider);
  if (sold.includes(name)) return undefined;
  const booked = await listBooked(workplace, place);
  if (booked === undefined || booked.includes(name)) return undefined;
  const wanted = await listWanted(workplace, query);
  if (wanted.includes(name)) return undefined;
  const near = didYouMean(name, new Set([...booked, ...wanted, ...sold]));
  return refuse({
    kind: "usage",
    code: "no-such-provider",
    message: `nothing was frozen: no provider is called ${JSON.stringify(name)}`,
    remedy:
      near === undefined
        ? "Run `npx supercargo leases` to see whose rights there are, or freeze without `--provider` to stop all."
        : `Did you mean \`${near}\`? Without \`--provider\` all spending stops.`,
  });
}

/** Whom the ledger knows, and what was frozen before; undefined when it cannot be read. */
async function listBooked(
  workplace: Workplace,
  { root, live }: RightsPlace,
): Promise<readonly string[] | undefined> {
  const ledger = findLedger(workplace, root, { live });
  if ("ok" in ledger) return undefined;
  const summary = await readLedgerSummary(ledger, strictLimits());
  if (summary === undefined) return [];
  if ("ok" in summary) return undefined;
  const { tree, retained, open, frozen } = summary;
  const named = [...tree, ...retained, ...open].map(({ provider }) => provider);
  return [...named, ...frozen.map(({ scope }) => scope)];
}

async function listWanted(workplace: Workplace, query: StackQuery): Promise<readonly string[]> {
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  return "ok" in compiled ? [] : compiled.lowered.map(({ provider }) => provider);
}
