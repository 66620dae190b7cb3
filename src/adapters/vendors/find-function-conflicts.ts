import type { AppNode, Model, ResourceNode } from "../../compiler/2-model/model.ts";
import type { VendorConflict } from "./contract.ts";
import { createOverview } from "./create-overview.ts";
import { findForeignUses } from "./find-foreign-uses.ts";
import type { Overview, WebNode } from "./node-lowering.ts";
import { webHosts } from "./web-hosts.ts";

const ADDRESS_TYPES: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

/** What differs between vendors that run apps as functions. */
export interface FunctionRules {
  /** Why a host must be in a domain of the manifest: `a host needs ...`; absent where it may be anybody's. */
  readonly whyDomain?: string | undefined;
  /** Why a site has one host at most; absent where it may have several. */
  readonly whyOneHost?: string | undefined;
  /** Why a queue has one consumer at most; absent where several share its messages. */
  readonly whyOneConsumer?: string | undefined;
}

/** What is taken already, and by whom. */
interface Owners {
  readonly hosts: Map<string, string>;
  readonly queues: Map<string, string>;
}

type Conflict = Omit<VendorConflict, "resource">;

/** What a vendor that runs apps as functions would refuse, or does not do, because of two resources together. */
export function findFunctionConflicts(
  model: Model,
  nodes: readonly ResourceNode[],
  rules: FunctionRules,
): readonly VendorConflict[] {
  const context = createOverview(model);
  const owners: Owners = { hosts: new Map(), queues: new Map() };
  const conflictsOf = (node: ResourceNode): readonly Conflict[] => {
    if (node.kind !== "app" && node.kind !== "site") return [];
    const own = node.kind === "app" ? checkQueues(node, owners, rules) : [];
    return [...own, ...checkHosts(context, node, owners, rules)];
  };
  return nodes.flatMap((node) => [
    ...findForeignUses(context, node, {
      whyBind: "an app can only bind resources of its own provider",
    }),
    ...conflictsOf(node).map((conflict) => ({ resource: node.name, ...conflict })),
  ]);
}

function checkQueues(
  node: AppNode,
  { queues }: Owners,
  { whyOneConsumer }: FunctionRules,
): readonly Conflict[] {
  return node.consumes.flatMap(({ resource, location }) => {
    const other = queues.get(resource);
    queues.set(resource, other ?? node.name);
    if (other === undefined || whyOneConsumer === undefined) return [];
    return {
      location,
      reason: whyOneConsumer,
      remedy: "let one app consume the queue, or give each app a queue of its own",
    };
  });
}

function checkHosts(
  context: Overview,
  node: WebNode,
  { hosts }: Owners,
  { whyDomain, whyOneHost }: FunctionRules,
): readonly Conflict[] {
  return webHosts(context, node).flatMap(({ hostname, path, domain, location }, i) => {
    const other = hosts.get(hostname);
    hosts.set(hostname, other ?? node.name);
    if (path !== "/*")
      return {
        location,
        reason: "a route leads a whole host, not some of its paths",
        remedy: "route the host with /*, and let the app see to its paths",
      };
    if (domain === undefined && whyDomain !== undefined)
      return {
        location,
        reason: whyDomain,
        remedy: "declare the domain, or leave the route out",
      };
    if (other !== undefined)
      return {
        location,
        reason: "a host leads to one app or site, and another one has it already",
        remedy: "give each a host of its own",
      };
    if (isTaken(context, hostname))
      return {
        location,
        reason: "the host has a record in this manifest already, and a route makes one of its own",
        remedy: "delete the record, or route the app to another host",
      };
    if (node.kind === "site" && i > 0 && whyOneHost !== undefined)
      return {
        location,
        reason: whyOneHost,
        remedy: "leave one route, or make a site for each host",
      };
    return [];
  });
}

/** Whether a record of the manifest says where the host is; no other may stand beside a CNAME (RFC 1034, 3.6.2), and those of a zone itself are made to fit. */
function isTaken({ model, nodes }: Overview, hostname: string): boolean {
  return model.resources.some((node) => {
    if (node.kind !== "dns" || !ADDRESS_TYPES.has(node.type)) return false;
    const zone = nodes.get(node.zone);
    if (zone?.kind !== "domain") return false;
    return hostname === (node.record === "@" ? zone.domain : `${node.record}.${zone.domain}`);
  });
}
