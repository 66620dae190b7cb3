import type { RawBooks } from "./check-books.ts";
import type { LedgerStore } from "./store.ts";

/** Reads what {@link RawBooks} needs, all of it. */
export function readRawBooks(store: Pick<LedgerStore, "read">): Promise<RawBooks> {
  return store.read(async (select) => {
    const intents = await select("SELECT key, state FROM intents", { key: "text", state: "text" });
    const transfers = await select(
      "SELECT id, intent, phase, at, hold FROM transfers ORDER BY id",
      { id: "integer", intent: "text", phase: "text", at: "integer", hold: "integer" },
    );
    const entries = await select(
      "SELECT transfer, account, side, unit, minor, settles, cap FROM entries ORDER BY transfer, position",
      {
        transfer: "integer",
        account: "text",
        side: "text",
        unit: "text",
        minor: "money",
        settles: "text",
        cap: "money",
      },
    );
    const log = await select("SELECT entry FROM log ORDER BY sequence", { entry: "text" });
    const rows = { intents, transfers, entries, log: log.map(({ entry }) => entry) };
    return rows as unknown as RawBooks;
  });
}
