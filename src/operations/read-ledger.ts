import { fail } from "../broker/errors.ts";
import type { Ledger } from "../broker/ledger/ledger.ts";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import type { FoundLedger } from "./find-ledger.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { refuseBroker } from "./refuse-broker.ts";

/** Reads something of a ledger and disturbs nobody; undefined while there is none. */
export async function readLedger<T>(
  { home, postgres, description }: FoundLedger,
  limits: Limits,
  read: (ledger: Ledger) => Promise<T>,
): Promise<T | undefined | Refusal> {
  const [{ readHome }, { LedgerStorageError, LedgerVersionError }] = await Promise.all([
    import("../broker/read-home.ts"),
    import("../broker/ledger/store.ts"),
  ]);
  try {
    return await readHome({ home, postgres }, limits, read);
  } catch (error) {
    if (error instanceof LedgerVersionError)
      return refuseBroker(fail(error.mismatch === "older" ? "ledger_older" : "ledger_newer"));
    if (!(error instanceof LedgerStorageError)) throw error;
    return refuse({
      kind: "remote",
      code: "ledger-unreachable",
      message: `the ledger cannot be read: ${description}`,
      remedy: "Start the database, or restore access to it or to the file.",
    });
  }
}
