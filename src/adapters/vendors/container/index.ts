import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, LoweredResource, Surroundings, Vendor } from "../contract.ts";
import { createOverview } from "../create-overview.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import type { Context } from "../node-lowering.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerDatabase } from "./lower-database.ts";
import { lowerPostgres } from "./lower-postgres.ts";
import { lowerProxy } from "./lower-proxy.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { CONTAINER, IMAGES, NETWORK } from "./lowering.ts";
import { refuseNode } from "./refuse-node.ts";
import { CONTAINER_SEMANTICS } from "./semantics.ts";

type Served = Exclude<ResourceKind, "domain" | "dns" | "service">;

const LOWER: LowerKinds<Served> = {
  app: lowerApp,
  site: lowerSite,
  database: lowerDatabase,
  bucket: lowerBucket,
  kv: lowerPostgres,
  queue: lowerPostgres,
  // Its schedule stands in the environment of the app, whose program keeps it.
  cron: () => ({ resources: [] }),
  secret: lowerSecret,
};

/**
 * Any host that runs containers, in the schema of the Terraform provider for Docker (`@pulumi/docker`). There is no account, no access token and nothing to
 * pay: who may use the host is decided where the engine runs (`DOCKER_HOST`). What a host of one's own cannot be, a registrar, goes elsewhere.
 */
const container: Vendor = {
  id: CONTAINER,
  title: "Container host",
  package: { name: "@pulumi/docker", namespace: "docker" },
  hasAccounts: false,
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  refuse: refuseNode,
  semantics: CONTAINER_SEMANTICS,
  findConflicts,
  createResolver,
  lower,
};
export default container;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const context: Context = { ...createOverview(model), resolve };
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  const web = nodes.filter((node) => node.kind === "app" || node.kind === "site");
  const own = lowered.flatMap(({ resources }) => resources);
  const proxy = web.length > 0 ? lowerProxy(context, web) : [];
  return {
    provider: CONTAINER,
    resources: [...lowerShared(model, [...own, ...proxy]), ...proxy, ...own],
    ...collectLowered(lowered),
    sandboxNeeds: nodes.some(({ kind }) => kind === "bucket") ? ["object-store"] : [],
    unpriced: "a host of your own, whose cost is not counted here",
  };
}

/** The network, and the images that the containers are made from. */
function lowerShared(
  model: Model,
  resources: readonly LoweredResource[],
): readonly LoweredResource[] {
  const containers = resources.filter(({ type }) => type === "docker_container");
  if (containers.length === 0) return [];
  const used = new Set(
    containers.map(({ args }) => (args.image as { readonly resource?: string }).resource),
  );
  const images = Object.entries(IMAGES).filter(([name]) => used.has(name));
  return [
    {
      name: NETWORK,
      origin: undefined,
      type: "docker_network",
      args: { name: `${model.name}-${model.stack}` },
    },
    ...images.map(
      ([name, image]): LoweredResource => ({
        name,
        origin: undefined,
        type: "docker_image",
        args: { name: image, keep_locally: true },
      }),
    ),
  ];
}
