import type { BrokerSummary } from "../broker/summary.ts";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import type { FoundLedger } from "./find-ledger.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** Reads a ledger for people and disturbs nobody; undefined while there is none. */
export async function readLedger(
  { home, postgres, description }: FoundLedger,
  limits: Limits,
): Promise<BrokerSummary | undefined | Refusal> {
  const [{ readSummary }, { LedgerStorageError }] = await Promise.all([
    import("../broker/broker.ts"),
    import("../broker/ledger/store.ts"),
  ]);
  try {
    return await readSummary(home, limits, undefined, postgres);
  } catch (error) {
    if (!(error instanceof LedgerStorageError)) throw error;
    return refuse({
      kind: "remote",
      code: "ledger-unreachable",
      message: `the ledger cannot be read: ${description}`,
      remedy: "Start the database, or restore access to it or to the file.",
    });
  }
}
