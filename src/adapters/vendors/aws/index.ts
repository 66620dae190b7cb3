import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, LoweredResource, Surroundings, Vendor } from "../contract.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerCron } from "./lower-cron.ts";
import { isTable, lowerPostgres } from "./lower-postgres.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { AWS, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";
import { refuseNode } from "./refuse-node.ts";
import { AWS_SEMANTICS } from "./semantics.ts";

type Served = Exclude<ResourceKind, "domain" | "dns" | "service">;

const LOWER: LowerKinds<Served> = {
  app: lowerApp,
  site: lowerSite,
  database: lowerPostgres,
  bucket: lowerBucket,
  kv: lowerPostgres,
  queue: lowerQueue,
  cron: lowerCron,
  secret: lowerSecret,
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
  listRecords: (model, nodes, resolve) =>
    lowerNodes(LOWER, model, nodes, resolve).flatMap(({ records = [] }) => records),
  createResolver,
  lower,
  onlyPreviewed: "the sandbox plays no AWS",
};
export default aws;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  const own = lowered.flatMap(({ resources }) => resources);
  return {
    provider: AWS,
    resources: [...lowerShared(model, nodes, own), ...own],
    ...collectLowered(lowered),
    unpriced:
      "an AWS account of your own, which pays its bill itself: no cap here stops what its use comes to",
  };
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
