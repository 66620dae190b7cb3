import type { BrokerSummary } from "../broker/summary.ts";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import type { FoundLedger } from "./find-ledger.ts";
import type { Refusal } from "./outcome.ts";
import { readLedger } from "./read-ledger.ts";

/** Sums a ledger up for people and disturbs nobody; undefined while there is none. */
export async function readLedgerSummary(
  found: FoundLedger,
  limits: Limits,
): Promise<BrokerSummary | undefined | Refusal> {
  const { summarize } = await import("../broker/summary.ts");
  return readLedger(found, limits, (ledger) => summarize(ledger, limits));
}
