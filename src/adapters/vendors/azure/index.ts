import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, PriceItem, Surroundings, Vendor } from "../contract.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import { opensAccounts } from "../opens-accounts.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { isTable, lowerPostgres } from "./lower-postgres.ts";
import { lowerShared } from "./lower-shared.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { AZURE } from "./lowering.ts";
import { refuseNode } from "./refuse-node.ts";
import { AZURE_SEMANTICS } from "./semantics.ts";

type Served = Exclude<ResourceKind, "domain" | "dns" | "service">;

const LOWER: LowerKinds<Served> = {
  app: lowerApp,
  site: lowerSite,
  database: lowerPostgres,
  bucket: lowerBucket,
  kv: lowerPostgres,
  queue: lowerPostgres,
  // Its schedule stands in the settings of the app, whose program keeps it.
  cron: () => ({ resources: [] }),
  secret: lowerSecret,
};

/**
 * Microsoft Azure, in the schema of its Terraform provider 4 (`@pulumi/azure` 6). Whoever runs the engine has the right already, by credentials of Azure's that live as
 * long as the run, and says in which subscription (`ARM_SUBSCRIPTION_ID`), unless a tenant made one for the stack.
 */
const azure: Vendor = {
  id: AZURE,
  title: "Azure",
  package: { name: "@pulumi/azure", namespace: "azure", prefix: "azurerm" },
  hasAccounts: false,
  accountsBy: ["azure-subscriptions"],
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: AZURE_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes, resolve) =>
    lowerNodes(LOWER, model, nodes, resolve).flatMap(({ records = [] }) => records),
  createResolver,
  lower,
  onlyPreviewed: "the sandbox plays Azure's subscriptions, and nothing that is in one",
};
export default azure;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  const own = lowered.flatMap(({ resources }) => resources);
  const collected = collectLowered(lowered);
  const opens = opensAccounts(azure, model);
  return {
    provider: AZURE,
    resources: [...lowerShared(model, own, opens), ...own],
    ...collected,
    unpriced: opens
      ? "an Azure subscription of your organisation, whose billing account pays: no cap here stops what its use comes to"
      : "an Azure subscription of your own, which pays its bill itself: no cap here stops what its use comes to",
    prices: [...priceShared(nodes), ...collected.prices],
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
