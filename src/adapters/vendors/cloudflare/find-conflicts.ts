import type { AppNode, Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { VendorConflict } from "../contract.ts";
import { findForeignUses } from "../find-foreign-uses.ts";
import { createSurvey } from "./create-survey.ts";
import { recordHost } from "./lower-dns.ts";
import type { Survey } from "./lowering.ts";
import { webRoutes } from "./web-routes.ts";

const ADDRESS_TYPES: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

/** What Cloudflare would refuse, or silently do otherwise, because of two resources together. */
export function findConflicts(
  model: Model,
  nodes: readonly ResourceNode[],
): readonly VendorConflict[] {
  const survey = createSurvey(model);
  const consumers = new Map<string, string>();
  const hosts = new Set<string>();
  const conflicts: VendorConflict[] = [];
  for (const node of nodes) {
    conflicts.push(
      ...findForeignUses(survey, node, {
        whyBind: "a Worker can only bind resources of its own provider",
        opens: false,
      }),
    );
    if (node.kind !== "app" && node.kind !== "site") continue;
    if (node.kind === "app") conflicts.push(...findSharedQueues(node, consumers));
    webRoutes(survey, node).forEach((route, i) => {
      if (route.kind === "domain") hosts.add(route.hostname);
      else if (route.domain === undefined) {
        conflicts.push({
          resource: node.name,
          location: node.routes[i]?.location ?? node.location,
          reason: "a route to some paths needs the zone of a domain of this manifest",
          remedy: "declare the domain, or route the whole host with /*",
        });
      }
    });
  }
  return [...conflicts, ...findRecordConflicts(survey, nodes, hosts)];
}

function findSharedQueues(
  node: AppNode,
  consumers: Map<string, string>,
): readonly VendorConflict[] {
  const conflicts: VendorConflict[] = [];
  for (const { resource, location } of node.consumes) {
    const other = consumers.get(resource);
    consumers.set(resource, other ?? node.name);
    if (other === undefined) continue;
    conflicts.push({
      resource: node.name,
      location,
      reason: "a queue has one consumer, and another app has this one already",
      remedy: "let one app consume the queue, or give each app a queue of its own",
    });
  }
  return conflicts;
}

function findRecordConflicts(
  survey: Survey,
  nodes: readonly ResourceNode[],
  hosts: ReadonlySet<string>,
): readonly VendorConflict[] {
  return nodes.flatMap((node) => {
    if (node.kind !== "dns" || !ADDRESS_TYPES.has(node.type)) return [];
    if (!hosts.has(recordHost(survey, node))) return [];
    return {
      resource: node.name,
      location: node.location,
      reason: "the host is an app's, and Cloudflare keeps the address record of such a host itself",
      remedy: "delete the record, or route the app to another host",
    };
  });
}
