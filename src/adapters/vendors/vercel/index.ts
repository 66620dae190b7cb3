import type { Model, ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, Surroundings, Vendor } from "../contract.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerBucket } from "./lower-bucket.ts";
import { lowerQueue } from "./lower-queue.ts";
import { lowerSite } from "./lower-site.ts";
import { createResolver } from "./lower-text.ts";
import { VERCEL } from "./lowering.ts";
import { refuseNode } from "./refuse-node.ts";
import { VERCEL_SEMANTICS } from "./semantics.ts";

type Served = "app" | "site" | "bucket" | "queue" | "cron" | "secret";

const LOWER: LowerKinds<Served> = {
  app: lowerApp,
  site: lowerSite,
  bucket: lowerBucket,
  queue: lowerQueue,
  // Its schedule stands in the deployment of the app.
  cron: () => ({ resources: [] }),
  secret: lowerSecret,
};

/** Kinds that are refused here, with who has them: an app at Vercel could bind none of another vendor's. */
const REFUSED: readonly ResourceKind[] = ["database", "kv"];

/**
 * Vercel, in the schema of its Terraform provider 5 (`@pulumiverse/vercel` 5). Whoever runs the engine has the right already, by a token of a team
 * (`VERCEL_API_TOKEN`); README.md says what accounts would add.
 */
const vercel: Vendor = {
  id: VERCEL,
  title: "Vercel",
  package: { name: "@pulumiverse/vercel", namespace: "vercel" },
  hasAccounts: false,
  kinds: new Set([...(Object.keys(LOWER) as Served[]), ...REFUSED]),
  semantics: VERCEL_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes, resolve) =>
    lowerNodes(LOWER, model, nodes, resolve).flatMap(({ records = [] }) => records),
  createResolver,
  lower,
  onlyPreviewed: "the sandbox plays no Vercel",
};
export default vercel;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  return {
    provider: VERCEL,
    resources: lowered.flatMap(({ resources }) => resources),
    ...collectLowered(lowered),
    unpriced:
      "a Vercel team of your own, which pays for its plan and its use itself: no cap here stops what that comes to",
  };
}
