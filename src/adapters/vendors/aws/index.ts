import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Lowered, LoweredResource, Vendor } from "../contract.ts";
import type { Context, LoweredNode, LowerNode } from "../node-lowering.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerCron } from "./lower-cron.ts";
import { isTable, lowerPostgres } from "./lower-postgres.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerSite } from "./lower-site.ts";
import { AWS, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";
import { refuseNode } from "./refuse-node.ts";
import { AWS_SEMANTICS } from "./semantics.ts";

type Served = Exclude<ResourceKind, "domain" | "dns" | "service">;

const LOWER: { readonly [K in Served]: LowerNode<Extract<ResourceNode, { kind: K }>> } = {
  app: lowerApp,
  site: lowerSite,
  database: lowerPostgres,
  bucket: lowerBucket,
  kv: lowerPostgres,
  queue: lowerQueue,
  cron: lowerCron,
  secret: (_context, { name, bytes }) => ({
    resources: [{ name, origin: name, type: "supercargo_secret", args: { bytes } }],
  }),
};

/**
 * Amazon Web Services, in the schema of its Terraform provider 6 (`@pulumi/aws` 7). Whoever runs the engine has the right already, by credentials of AWS that
 * live as long as the run; README.md says what accounts would add.
 */
const aws: Vendor = {
  id: AWS,
  title: "AWS",
  package: { name: "@pulumi/aws", namespace: "aws" },
  hasAccounts: false,
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: AWS_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes) => lowerAll(model, nodes).flatMap(({ records = [] }) => records),
  lower,
  onlyPreviewed: "the sandbox plays no AWS",
};
export default aws;

function lower(model: Model, nodes: readonly ResourceNode[]): Lowered {
  const lowered = lowerAll(model, nodes);
  const own = lowered.flatMap(({ resources }) => resources);
  return {
    provider: AWS,
    resources: [...lowerShared(model, nodes, own), ...own],
    artifacts: lowered.flatMap(({ artifacts = [] }) => artifacts),
    permissions: [],
    unpriced:
      "an AWS account of your own, which pays its bill itself: no cap here stops what its use comes to",
    prices: lowered.flatMap(({ node, prices = [] }) =>
      prices.map((price) => ({ resource: node.name, ...price, irreversible: false })),
    ),
    outputs: Object.fromEntries(
      lowered.flatMap(({ node, url }) => (url === undefined ? [] : [[node.name, url]])),
    ),
  };
}

function lowerAll(model: Model, nodes: readonly ResourceNode[]) {
  const all = new Map(model.resources.map((node) => [node.name, node]));
  const context: Context = { model, nodes: all };
  return nodes.map((node) => ({ node, ...lowerNode(context, node) }));
}

/** The provider, and the network where something needs one. */
function lowerShared(
  model: Model,
  nodes: readonly ResourceNode[],
  own: readonly LoweredResource[],
): readonly LoweredResource[] {
  if (!own.some(({ provider }) => provider === PROVIDER_NAME)) return [];
  const provider: LoweredResource = {
    name: PROVIDER_NAME,
    origin: undefined,
    type: "provider_aws",
    args: { region: REGION },
  };
  return [provider, ...(nodes.some(isTable) ? lowerNetwork(model) : [])];
}

function lowerNode<K extends Served>(context: Context, node: ResourceNode): LoweredNode {
  const lowerOne = LOWER[node.kind as K] as LowerNode<Extract<ResourceNode, { kind: K }>>;
  return lowerOne(context, node as Extract<ResourceNode, { kind: K }>);
}
