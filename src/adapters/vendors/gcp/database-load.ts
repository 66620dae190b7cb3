import type { AppNode, Model } from "../../../compiler/2-model/model.ts";
import type { Context } from "../node-lowering.ts";
import { shareConnections } from "../share-connections.ts";
import { CONNECTIONS_FOR_APPS, INSTANCES_MAX_AT_DATABASE } from "./function-limits.ts";
import { listEntries } from "./list-entries.ts";
import { isTable } from "./lower-postgres.ts";

/** The functions of all apps that bind a database. */
export function countFunctions(model: Model, table: string): number {
  return sumOverApps(model, table, () => 1);
}

/** Instances at most of each function of an app that binds databases: one where a database has so many functions that two of each would be too many. */
export function countInstances({ model, nodes }: Context, { bind }: AppNode): number {
  const isCrowded = bind.some(({ resource }) => {
    const target = nodes.get(resource);
    if (target === undefined || !isTable(target)) return false;
    return countFunctions(model, resource) * INSTANCES_MAX_AT_DATABASE > CONNECTIONS_FOR_APPS;
  });
  return isCrowded ? 1 : INSTANCES_MAX_AT_DATABASE;
}

/** Connections that each instance may have open to a database, so that all instances of all functions together stay within what its server takes. */
export function countConnections(context: Context, table: string): number {
  const instances = sumOverApps(context.model, table, (app) => countInstances(context, app));
  return shareConnections(CONNECTIONS_FOR_APPS, instances);
}

/** Over the apps that bind a database, what is counted for each of their functions. */
function sumOverApps(model: Model, table: string, count: (app: AppNode) => number): number {
  return model.resources.reduce((sum, node) => {
    if (node.kind !== "app" || !node.bind.some(({ resource }) => resource === table)) return sum;
    return sum + listEntries(model, node).length * count(node);
  }, 0);
}
