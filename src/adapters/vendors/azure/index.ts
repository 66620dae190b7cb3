import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Lowered, PriceItem, Vendor } from "../contract.ts";
import type { Context, LoweredNode, LowerNode } from "../node-lowering.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { isTable, lowerPostgres } from "./lower-postgres.ts";
import { lowerShared } from "./lower-shared.ts";
import { lowerSite } from "./lower-site.ts";
import { AZURE } from "./lowering.ts";
import { refuseNode } from "./refuse-node.ts";
import { AZURE_SEMANTICS } from "./semantics.ts";

type Served = Exclude<ResourceKind, "domain" | "dns" | "service">;

const LOWER: { readonly [K in Served]: LowerNode<Extract<ResourceNode, { kind: K }>> } = {
  app: lowerApp,
  site: lowerSite,
  database: lowerPostgres,
  bucket: lowerBucket,
  kv: lowerPostgres,
  queue: lowerPostgres,
  // Its schedule stands in the settings of the app, whose program keeps it.
  cron: () => ({ resources: [] }),
  secret: (_context, { name, bytes }) => ({
    resources: [{ name, origin: name, type: "supercargo_secret", args: { bytes } }],
  }),
};

/**
 * Microsoft Azure, in the schema of its Terraform provider 4 (`@pulumi/azure` 6). Whoever runs the engine has the right already, by credentials of Azure's that live as
 * long as the run, and says in which subscription (`ARM_SUBSCRIPTION_ID`); README.md says what accounts would add.
 */
const azure: Vendor = {
  id: AZURE,
  title: "Azure",
  package: { name: "@pulumi/azure", namespace: "azure", prefix: "azurerm" },
  hasAccounts: false,
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: AZURE_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes) => lowerAll(model, nodes).flatMap(({ records = [] }) => records),
  lower,
  onlyPreviewed: "the sandbox plays no Azure",
};
export default azure;

function lower(model: Model, nodes: readonly ResourceNode[]): Lowered {
  const lowered = lowerAll(model, nodes);
  const own = lowered.flatMap(({ resources }) => resources);
  return {
    provider: AZURE,
    resources: [...lowerShared(model, own), ...own],
    artifacts: lowered.flatMap(({ artifacts = [] }) => artifacts),
    permissions: [],
    unpriced:
      "an Azure subscription of your own, which pays its bill itself: no cap here stops what its use comes to",
    prices: [
      ...priceShared(nodes),
      ...lowered.flatMap(({ node, prices = [] }) =>
        prices.map((price) => ({ resource: node.name, ...price, irreversible: false })),
      ),
    ],
    outputs: Object.fromEntries(
      lowered.flatMap(({ node, url }) => (url === undefined ? [] : [[node.name, url]])),
    ),
  };
}

/** What is paid once for all stands on the bill of the first resource that needs it. */
function priceShared(nodes: readonly ResourceNode[]): readonly PriceItem[] {
  const price = (node: ResourceNode | undefined, service: string, category: string) =>
    node === undefined ? [] : [{ resource: node.name, service, category, irreversible: false }];
  return [
    ...price(
      nodes.find(({ kind }) => kind === "app" || kind === "site"),
      "azure/app-service:b1",
      "compute",
    ),
    ...price(nodes.find(isTable), "azure/dns:private-zone", "database"),
  ];
}

function lowerAll(model: Model, nodes: readonly ResourceNode[]) {
  const all = new Map(model.resources.map((node) => [node.name, node]));
  const context: Context = { model, nodes: all };
  return nodes.map((node) => ({ node, ...lowerNode(context, node) }));
}

function lowerNode<K extends Served>(context: Context, node: ResourceNode): LoweredNode {
  const lowerOne = LOWER[node.kind as K] as LowerNode<Extract<ResourceNode, { kind: K }>>;
  return lowerOne(context, node as Extract<ResourceNode, { kind: K }>);
}
