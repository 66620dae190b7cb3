import type { Model } from "../../../compiler/2-model/model.ts";
import { shareConnections } from "../share-connections.ts";

/** Connections to a database that apps may have open. The smallest server takes 35 besides Azure's own; the rest is for people (Azure docs, "Limits in Azure Database for PostgreSQL"). */
export const CONNECTIONS_FOR_APPS = 30;

/** The apps that bind or consume what a server keeps. Each is one process. */
export function countApps({ resources }: Model, table: string): number {
  return resources.filter(
    (node) =>
      node.kind === "app" &&
      [...node.bind, ...node.consumes].some(({ resource }) => resource === table),
  ).length;
}

/** Connections that each app may have open to a server, so that all together stay within what it takes. */
export function countConnections(model: Model, table: string): number {
  return shareConnections(CONNECTIONS_FOR_APPS, countApps(model, table));
}
