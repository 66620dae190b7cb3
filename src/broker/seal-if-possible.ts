import type { SealedLog } from "../log/append/sealed-log.ts";
import { guardStorage } from "./guard-storage.ts";
import type { Ledger } from "./ledger/ledger.ts";

/** Seals what can be sealed at the beginning and at the end. What stands in its way is told where it matters: before anything is sent. */
export async function sealIfPossible(ledger: Ledger, log: SealedLog): Promise<void> {
  await guardStorage(async () => {
    // The log's files are the newest writer's.
    if (!(await ledger.isCurrent())) return { ok: true };
    await ledger.exportLog();
    await log.seal();
    return { ok: true };
  });
}
