import { join } from "node:path";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import { logPath } from "../log/read-log.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/open-ledger.ts";
import { type LedgerPlace, openPlace } from "./ledger/open-place.ts";
import { LedgerVersionError } from "./ledger/store.ts";

/** Reads a home's ledger without disturbing a broker that works there; undefined while there is none. Throws {@link LedgerVersionError}. */
export async function readHome<T>(
  place: LedgerPlace,
  limits: Limits,
  read: (ledger: Ledger) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T | undefined> {
  const store = await openPlace(place, "reader");
  if (store === "absent") return undefined;
  if (typeof store === "string") throw new LedgerVersionError(store);
  const { home } = place;
  const ledger = openLedger(store, {
    ...{ limits, logPath: logPath(home), seenPath: join(home, "seen.json"), mode: "reader" },
    agent: "",
    now: () => clock.now(),
  });
  try {
    return await read(ledger);
  } finally {
    await ledger.close();
  }
}
