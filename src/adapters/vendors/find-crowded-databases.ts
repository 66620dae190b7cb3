import type { ResourceNode } from "../../compiler/2-model/model.ts";
import type { VendorConflict } from "./contract.ts";

/** What a vendor's database servers take, and who uses them. */
export interface DatabaseUse {
  /** Connections to a server that apps may have open. */
  readonly connections: number;
  /** How many at least use a database, each with a connection of its own. */
  readonly count: (database: string) => number;
  /** What these are: `functions`. */
  readonly users: string;
}

/** Databases that are used by more than there are connections for. */
export function findCrowdedDatabases(
  databases: readonly ResourceNode[],
  { connections, count, users }: DatabaseUse,
): readonly VendorConflict[] {
  return databases.flatMap(({ name, location }) => {
    const counted = count(name);
    if (counted <= connections) return [];
    return {
      resource: name,
      location,
      reason: `its server has ${connections} connections for apps, fewer than the ${counted} ${users} that use it`,
      remedy: "let fewer apps use it, or give some of them one of their own",
    };
  });
}
