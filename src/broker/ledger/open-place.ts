import { existsSync } from "node:fs";
import { join } from "node:path";
import { openPostgresStore, type PostgresPlace } from "./postgres-store.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import type { LedgerStore, StoreMismatch } from "./store.ts";

/** Where a ledger is kept: in the home's `ledger.sqlite`, or in a PostgreSQL database. */
export interface LedgerPlace {
  readonly home: string;
  readonly postgres?: PostgresPlace | undefined;
}

/** Opens the store of a place; `absent` for a reader of what is not there yet. */
export async function openPlace(
  { home, postgres }: LedgerPlace,
  mode: "writer" | "reader",
): Promise<LedgerStore | StoreMismatch | "absent"> {
  if (postgres !== undefined) return openPostgresStore(postgres, mode);
  const path = join(home, "ledger.sqlite");
  return mode === "reader" && !existsSync(path) ? "absent" : openSqliteStore(path, mode);
}

/** Whether there is a ledger in the place already; takes nothing over. */
export async function isLedgerThere(place: LedgerPlace): Promise<boolean> {
  if (place.postgres === undefined) return existsSync(join(place.home, "ledger.sqlite"));
  const store = await openPostgresStore(place.postgres, "reader");
  if (typeof store !== "string") await store.close();
  return store !== "absent";
}
