import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Lowered, LoweredResource, Vendor } from "../contract.ts";
import type { Context, LoweredNode, LowerNode } from "../node-lowering.ts";
import { withApis } from "./apis.ts";
import { lowerCodeBucket } from "./code-bucket.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerCron } from "./lower-cron.ts";
import { isTable, lowerPostgres } from "./lower-postgres.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerSite } from "./lower-site.ts";
import { GCP, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";
import { refuseNode } from "./refuse-node.ts";
import { GCP_SEMANTICS } from "./semantics.ts";

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
 * Google Cloud, in the schema of its Terraform provider 7 (`@pulumi/gcp` 9). Whoever runs the engine has the right already, by credentials of Google's that live as long as
 * the run, and says in which project; README.md says what accounts would add.
 */
const gcp: Vendor = {
  id: GCP,
  title: "Google Cloud",
  package: { name: "@pulumi/gcp", namespace: "gcp", prefix: "google" },
  hasAccounts: false,
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: GCP_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes) => lowerAll(model, nodes).flatMap(({ records = [] }) => records),
  lower,
  onlyPreviewed: "the sandbox plays no Google Cloud",
};
export default gcp;

function lower(model: Model, nodes: readonly ResourceNode[]): Lowered {
  const lowered = lowerAll(model, nodes);
  const own = lowered.flatMap(({ resources }) => resources);
  return {
    provider: GCP,
    resources: withShared(model, nodes, own),
    artifacts: lowered.flatMap(({ artifacts = [] }) => artifacts),
    permissions: [],
    unpriced:
      "a Google Cloud project of your own, whose billing account pays: no cap here stops what its use comes to",
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

/** With the provider, the APIs that must be on, and where something needs them the network and the place for code. */
function withShared(
  model: Model,
  nodes: readonly ResourceNode[],
  own: readonly LoweredResource[],
): readonly LoweredResource[] {
  if (!own.some(({ provider }) => provider === PROVIDER_NAME)) return own;
  const provider: LoweredResource = {
    name: PROVIDER_NAME,
    origin: undefined,
    type: "provider_google",
    args: { region: REGION },
  };
  const hasCode = nodes.some(({ kind }) => kind === "app" || kind === "site");
  return [
    provider,
    ...withApis([
      ...(nodes.some(isTable) ? lowerNetwork(model) : []),
      ...(hasCode ? [lowerCodeBucket(model)] : []),
      ...own,
    ]),
  ];
}

function lowerNode<K extends Served>(context: Context, node: ResourceNode): LoweredNode {
  const lowerOne = LOWER[node.kind as K] as LowerNode<Extract<ResourceNode, { kind: K }>>;
  return lowerOne(context, node as Extract<ResourceNode, { kind: K }>);
}
