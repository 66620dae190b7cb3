import type { Clock } from "../../../src/broker/clock.ts";
import { readHome } from "../../../src/broker/read-home.ts";
import { type BrokerSummary, summarize } from "../../../src/broker/summary.ts";
import type { Limits } from "../../../src/compiler/1-manifest/guardrails.ts";

/** A home's summary, read as somebody does who does not disturb the broker that works there. */
export function readSummary(
  home: string,
  limits: Limits,
  clock?: Clock,
): Promise<BrokerSummary | undefined> {
  return readHome({ home }, limits, (ledger) => summarize(ledger, limits), clock);
}
