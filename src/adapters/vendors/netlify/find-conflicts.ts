import type { Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Vendor, VendorConflict } from "../contract.ts";
import { createOverview } from "../create-overview.ts";
import { findFunctionConflicts } from "../find-function-conflicts.ts";
import { webHosts } from "../web-hosts.ts";
import { listOwners } from "./lower-store.ts";

const WWW = "www.";

/** What Netlify would refuse, or what this vendor does not do, because of two resources together. */
export const findConflicts: NonNullable<Vendor["findConflicts"]> = (model, nodes) => [
  ...findFunctionConflicts(model, nodes, {}),
  ...nodes.flatMap((node) => findSharedStore(model, node)),
  ...findPairedHosts(model, nodes),
];

/** The functions of a site reach the stores of their own site alone. */
function findSharedStore(model: Model, node: ResourceNode): readonly VendorConflict[] {
  if (node.kind !== "bucket" && node.kind !== "kv" && node.kind !== "queue") return [];
  const [, other] = listOwners({ model }, node.name);
  if (other === undefined) return [];
  return [
    {
      resource: node.name,
      location: node.location,
      reason: "a store is a part of one app's site, and no other app reaches it",
      remedy: "let one app use it, or place it and its apps on another provider",
    },
  ];
}

/** A domain and its `www` go together: who gets one gets the other (Netlify docs, "Domains and HTTPS"). */
function findPairedHosts(model: Model, nodes: readonly ResourceNode[]): readonly VendorConflict[] {
  const context = createOverview(model);
  const hosts = nodes.flatMap((node) =>
    node.kind === "app" || node.kind === "site"
      ? webHosts(context, node).map((host) => ({ ...host, owner: node.name }))
      : [],
  );
  const zones = new Set(
    model.resources.flatMap((node) => (node.kind === "domain" ? [node.domain] : [])),
  );
  return hosts.flatMap(({ hostname, domain, owner, location }) => {
    const bare = hostname.startsWith(WWW) ? hostname.slice(WWW.length) : undefined;
    if (bare === undefined || (domain !== undefined && !zones.has(bare))) return [];
    if (!hosts.some((other) => other.hostname === bare && other.owner !== owner)) return [];
    return [
      {
        resource: owner,
        location,
        reason: `whoever has ${bare} there has ${hostname}, too, and that is another app or site`,
        remedy: "route both hosts to one of them, or give this one another host",
      },
    ];
  });
}
