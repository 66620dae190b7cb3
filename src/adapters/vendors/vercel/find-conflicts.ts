import type { AppNode, CronNode, Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { VendorConflict } from "../contract.ts";
import { isHostTaken } from "../is-host-taken.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { webHosts } from "../web-hosts.ts";
import { VERCEL } from "./lowering.ts";

/** Kinds that are no resource of a provider's own, so that any app can bind them wherever it runs. */
const PORTABLE: ReadonlySet<ResourceNode["kind"]> = new Set(["secret", "service"]);

type Conflict = Omit<VendorConflict, "resource">;

/** What Vercel would refuse, or what this vendor does not do, because of two resources together. */
export function findConflicts(
  model: Model,
  nodes: readonly ResourceNode[],
): readonly VendorConflict[] {
  const context: Context = {
    model,
    nodes: new Map(model.resources.map((node) => [node.name, node])),
  };
  const owners = new Map<string, string>();
  const conflictsOf = (node: ResourceNode): readonly Conflict[] => {
    if (node.kind === "cron") return checkCron(context, node);
    if (node.kind !== "app" && node.kind !== "site") return [];
    const own = node.kind === "app" ? checkBindings(context, node) : [];
    return [...own, ...checkHosts(context, node, owners)];
  };
  return nodes.flatMap((node) =>
    conflictsOf(node).map((conflict) => ({ resource: node.name, ...conflict })),
  );
}

function checkBindings({ nodes }: Context, node: AppNode): readonly Conflict[] {
  return [...node.bind, ...node.consumes].flatMap(({ resource, location }) => {
    const target = nodes.get(resource);
    if (!target || PORTABLE.has(target.kind) || target.provider === VERCEL) return [];
    return {
      location,
      reason: "a function can only bind resources of its own provider, and consume no queue",
      remedy: "place both on the same provider, or bind a resource of the kind service",
    };
  });
}

function checkCron({ nodes }: Context, { app, location }: CronNode): readonly Conflict[] {
  if (nodes.get(app)?.provider === VERCEL) return [];
  const reason = "a schedule can only call an app of its own provider";
  return [{ location, reason, remedy: "place both on the same provider" }];
}

function checkHosts(
  context: Context,
  node: WebNode,
  owners: Map<string, string>,
): readonly Conflict[] {
  return webHosts(context, node).flatMap(({ hostname, path, location }) => {
    const other = owners.get(hostname);
    owners.set(hostname, other ?? node.name);
    if (path !== "/*")
      return {
        location,
        reason: "a route leads a whole host, not some of its paths",
        remedy: "route the host with /*, and let the app see to its paths",
      };
    if (other !== undefined)
      return {
        location,
        reason: "a host leads to one app or site, and another one has it already",
        remedy: "give each a host of its own",
      };
    if (isHostTaken(context, hostname))
      return {
        location,
        reason: "the host has a record in this manifest already, and a route makes one of its own",
        remedy: "delete the record, or route the app to another host",
      };
    return [];
  });
}
