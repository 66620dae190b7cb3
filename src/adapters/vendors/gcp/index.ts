import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, LoweredResource, Surroundings, Vendor } from "../contract.ts";
import { accountId, lowerAccount } from "../lease-resources.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import { opensAccounts } from "../opens-accounts.ts";
import { withApis } from "./apis.ts";
import { lowerCodeBucket } from "./code-bucket.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerCron } from "./lower-cron.ts";
import { isTable, lowerPostgres } from "./lower-postgres.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { GCP, PROVIDER_NAME, REGION } from "./lowering.ts";
import { lowerNetwork } from "./network.ts";
import { refuseNode } from "./refuse-node.ts";
import { GCP_SEMANTICS } from "./semantics.ts";

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
 * Google Cloud, in the schema of its Terraform provider 7 (`@pulumi/gcp` 9). Whoever runs the engine has the right already, by credentials of Google's that live as long as
 * the run, and says in which project, unless an organisation made one for the stack.
 */
const gcp: Vendor = {
  id: GCP,
  title: "Google Cloud",
  package: { name: "@pulumi/gcp", namespace: "gcp", prefix: "google" },
  hasAccounts: false,
  accountsBy: ["google-projects"],
  kinds: new Set(Object.keys(LOWER) as ResourceKind[]),
  semantics: GCP_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes, resolve) =>
    lowerNodes(LOWER, model, nodes, resolve).flatMap(({ records = [] }) => records),
  createResolver,
  lower,
  onlyPreviewed: "the sandbox plays Google Cloud's projects, and nothing that is in one",
};
export default gcp;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  const own = lowered.flatMap(({ resources }) => resources);
  return {
    provider: GCP,
    resources: withShared(model, nodes, own),
    ...collectLowered(lowered),
    unpriced: `a Google Cloud project ${opensAccounts(gcp, model) ? "of your organisation" : "of your own"}, whose billing account pays: no cap here stops what its use comes to`,
  };
}

/** With the provider, before it the project where one is opened, the APIs that must be on, and where something needs them the network and the place for code. */
function withShared(
  model: Model,
  nodes: readonly ResourceNode[],
  own: readonly LoweredResource[],
): readonly LoweredResource[] {
  if (!own.some(({ provider }) => provider === PROVIDER_NAME)) return own;
  const opens = opensAccounts(gcp, model);
  const provider: LoweredResource = {
    name: PROVIDER_NAME,
    origin: undefined,
    type: "provider_google",
    args: { ...(opens && { project: accountId(GCP) }), region: REGION },
  };
  const hasCode = nodes.some(({ kind }) => kind === "app" || kind === "site");
  return [
    ...(opens ? [lowerAccount(model, GCP)] : []),
    provider,
    ...withApis([
      ...(nodes.some(isTable) ? lowerNetwork(model) : []),
      ...(hasCode ? [lowerCodeBucket(model)] : []),
      ...own,
    ]),
  ];
}
