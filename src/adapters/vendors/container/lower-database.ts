import type { DatabaseNode } from "../../../compiler/2-model/model.ts";
import { concat } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { lowerPostgres } from "./lower-postgres.ts";
import { lowerVolume } from "./lowering.ts";

/**
 * SQLite stays SQLite: a file on a volume, because the app's SQL is in its dialect. The apps that bind it run on one host, which is what the file's locks
 * need.
 */
export const lowerDatabase: LowerNode<DatabaseNode> = (context, node) =>
  node.engine === "postgres"
    ? lowerPostgres(context, node)
    : { resources: [lowerVolume(context, node.name, node.name)] };

/** The folder of a SQLite database in the containers that use it. */
export function sqliteFolder(name: string): string {
  return `/data/${name}`;
}

export function sqliteUrl(name: string) {
  return concat(`file:${sqliteFolder(name)}/${name}.sqlite`);
}
