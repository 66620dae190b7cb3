import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, Surroundings, Vendor } from "../contract.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import { opensAccounts } from "../opens-accounts.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerCron } from "./lower-cron.ts";
import { lowerPostgres } from "./lower-postgres.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerShared } from "./lower-shared.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { AWS } from "./lowering.ts";
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
 * live as long as the run; the account is theirs, or one that an organisation made for the stack.
 */
const aws: Vendor = {
  id: AWS,
  title: "AWS",
  package: { name: "@pulumi/aws", namespace: "aws" },
  hasAccounts: false,
  accountsBy: ["aws-organizations"],
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: AWS_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes, resolve) =>
    lowerNodes(LOWER, model, nodes, resolve).flatMap(({ records = [] }) => records),
  createResolver,
  lower,
  onlyPreviewed: "the sandbox plays AWS's accounts, and nothing that is in one",
};
export default aws;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  const own = lowered.flatMap(({ resources }) => resources);
  const opens = opensAccounts(aws, model);
  return {
    provider: AWS,
    resources: [...lowerShared(model, nodes, own, opens), ...own],
    ...collectLowered(lowered),
    unpriced: opens
      ? "an AWS account of your organisation, which pays its bill: no cap here stops what its use comes to"
      : "an AWS account of your own, which pays its bill itself: no cap here stops what its use comes to",
  };
}
