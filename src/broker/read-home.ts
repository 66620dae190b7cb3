import { join } from "node:path";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import { logPath } from "../log/read-log.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/open-ledger.ts";
import { type LedgerPlace, openPlace } from "./ledger/open-place.ts";

/** Reads a home's ledger without disturbing a broker that works there; undefined when there is no readable one. */
export async function readHome<T>(
  place: LedgerPlace,
  limits: Limits,
  read: (ledger: Ledger) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T | undefined> {
  const store = await openPlace(place, "reader");
  if (typeof store === "string") return undefined;
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
