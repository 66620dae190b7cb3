import type { MigrationSource } from "../../adapters/vendors/migration-source.ts";
import type { DataToMove } from "../../migration/journal.ts";
import { type Copied, compareItems, syncItems } from "../../migration/sync-items.ts";
import type { Comparison, SyncReport } from "../../migration/sync-report.ts";
import { compareSqlite, syncSqlite } from "../../migration/sync-sqlite.ts";
import type { Mover } from "./start-mover.ts";

/** One resource's data on its way. */
export interface DataMove {
  readonly resource: string;
  /** `rows`, `objects`, `keys`. */
  readonly unit: string;
  sync(): Promise<SyncReport>;
  compare(): Promise<Comparison>;
}

const UNITS = { database: "rows", bucket: "objects", kv: "keys" } as const;

/** Opens both ends of every resource's data. `nameOf` tells what a resource is called at the vendor that is left. */
export async function openDataMoves(
  data: readonly DataToMove[],
  source: MigrationSource,
  movers: ReadonlyMap<string, Mover>,
  nameOf: (resource: string) => string,
): Promise<readonly DataMove[]> {
  const moves: DataMove[] = [];
  for (const { resource, kind, app, variable } of data) {
    const mover = movers.get(app);
    if (mover === undefined) throw new Error(`${app} has no mover`);
    const common = { resource, unit: UNITS[kind] };
    const name = nameOf(resource);
    if (kind === "database") {
      const [from, to] = [await source.database(name), mover.database(variable)];
      const [sync, compare] = [() => syncSqlite(from, to), () => compareSqlite(from, to)];
      moves.push({ ...common, sync, compare });
      continue;
    }
    const from = kind === "bucket" ? await source.bucket(name) : await source.store(name);
    const to = mover.items(variable);
    const copied: Copied = new Map();
    moves.push({
      ...common,
      sync: () => syncItems(from, to, copied),
      compare: () => compareItems(from, to, copied),
    });
  }
  return moves;
}
