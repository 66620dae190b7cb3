import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { Lowered, PriceItem, Surroundings, Vendor } from "../contract.ts";
import { leaseName } from "../lease-resources.ts";
import { lowerSecret } from "../lower-secret.ts";
import { collectPermissions } from "./collect-permissions.ts";
import { createSurvey } from "./create-survey.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerCron } from "./lower-cron.ts";
import { lowerDatabase } from "./lower-database.ts";
import { lowerDns } from "./lower-dns.ts";
import { lowerDomain } from "./lower-domain.ts";
import { lowerKv } from "./lower-kv.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerRecord } from "./lower-record.ts";
import { lowerService } from "./lower-service.ts";
import { lowerShared } from "./lower-shared.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { CLOUDFLARE, type Context, type LoweredNode, type LowerNode } from "./lowering.ts";
import { refuseNode } from "./refuse-node.ts";
import { CLOUDFLARE_SEMANTICS } from "./semantics.ts";

const LOWER: { readonly [K in ResourceKind]: LowerNode<Extract<ResourceNode, { kind: K }>> } = {
  app: lowerApp,
  site: lowerSite,
  database: lowerDatabase,
  bucket: lowerBucket,
  kv: lowerKv,
  queue: lowerQueue,
  cron: lowerCron,
  domain: lowerDomain,
  dns: lowerDns,
  secret: lowerSecret,
  service: lowerService,
};

/** Kinds that need means of payment; all others are free on the plan `workers:free`. */
const PAID: ReadonlySet<ResourceKind> = new Set(["domain", "bucket", "service"]);

/**
 * Cloudflare, in the schema of its Terraform provider 5 (`@pulumi/cloudflare` 6). Accounts, tokens and domains go through the broker
 * instead, because the provider repeats a failed request without an idempotency key.
 */
const cloudflare: Vendor = {
  id: CLOUDFLARE,
  title: "Cloudflare",
  package: { name: "@pulumi/cloudflare", namespace: "cloudflare" },
  hasAccounts: true,
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: CLOUDFLARE_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  createResolver,
  lower,
};
export default cloudflare;

function lower(
  model: Model,
  nodes: readonly ResourceNode[],
  { resolve, records }: Surroundings,
): Lowered {
  const context: Context = { ...createSurvey(model), resolve };
  const lowered = [
    ...nodes.map((node) => ({ owner: node.name, ...lowerNode(context, node) })),
    ...records.map((record) => ({ owner: record.origin, ...lowerRecord(record) })),
  ];
  const native = lowered.some(({ resources }) => resources.some(({ provider }) => provider));
  const { permissions, zones } = collectPermissions(
    lowered.flatMap(({ owner, grants = [] }) =>
      grants.map((grant) => ({ resource: owner, grant })),
    ),
  );
  const shared = lowerShared(context, {
    account: nodes.some(({ kind }) => kind !== "secret"),
    payment: nodes.some(({ kind }) => PAID.has(kind)),
    permissions,
    zones,
  });
  const plan: PriceItem = {
    resource: leaseName(CLOUDFLARE, "account"),
    service: "cloudflare/workers:free",
    category: "compute",
    irreversible: false,
  };
  return {
    provider: CLOUDFLARE,
    resources: [...shared, ...lowered.flatMap(({ resources }) => resources)],
    artifacts: lowered.flatMap(({ artifacts = [] }) => artifacts),
    permissions,
    prices: [
      ...(native ? [plan] : []),
      ...lowered.flatMap(({ owner, prices = [] }) =>
        prices.map((price) => ({ resource: owner, ...price })),
      ),
    ],
    outputs: Object.fromEntries(
      lowered.flatMap(({ owner, url }) => (url === undefined ? [] : [[owner, url]])),
    ),
  };
}

function lowerNode<K extends ResourceKind>(
  context: Context,
  node: Extract<ResourceNode, { kind: K }>,
): LoweredNode {
  return LOWER[node.kind as K](context, node);
}
