import type { Model, ResourceNode } from "../../../compiler/2-model/model.ts";
import { collectLowered } from "../collect-lowered.ts";
import type { Lowered, Surroundings, Vendor } from "../contract.ts";
import { type LowerKinds, lowerNodes } from "../lower-nodes.ts";
import { lowerSecret } from "../lower-secret.ts";
import { findConflicts } from "./find-conflicts.ts";
import { lowerApp } from "./lower-app.ts";
import { lowerSite } from "./lower-site.ts";
import { lowerStore } from "./lower-store.ts";
import { createResolver } from "./lower-text.ts";
import { NETLIFY } from "./lowering.ts";
import { refuseNode } from "./refuse-node.ts";
import { NETLIFY_SEMANTICS } from "./semantics.ts";

type Served = "app" | "site" | "bucket" | "kv" | "queue" | "cron" | "secret";

const LOWER: LowerKinds<Served> = {
  app: lowerApp,
  site: lowerSite,
  bucket: lowerStore,
  kv: lowerStore,
  queue: lowerStore,
  // Its schedule stands in the deploy of the app.
  cron: () => ({ resources: [] }),
  secret: lowerSecret,
};

/**
 * Netlify, by classes and a plugin of our own (`supercargo/netlify`, `src/deploy/stand-in-plugin/netlify`), because nobody else's makes a site and a deploy. Whoever runs the
 * engine has the right already, by a token of a team (`NETLIFY_AUTH_TOKEN`).
 */
const netlify: Vendor = {
  id: NETLIFY,
  title: "Netlify",
  package: { name: "supercargo/netlify", namespace: "netlify" },
  hasAccounts: false,
  kinds: new Set(Object.keys(LOWER) as Served[]),
  semantics: NETLIFY_SEMANTICS,
  refuse: refuseNode,
  findConflicts,
  listRecords: (model, nodes, resolve) =>
    lowerNodes(LOWER, model, nodes, resolve).flatMap(({ records = [] }) => records),
  createResolver,
  lower,
};
export default netlify;

function lower(model: Model, nodes: readonly ResourceNode[], { resolve }: Surroundings): Lowered {
  const lowered = lowerNodes(LOWER, model, nodes, resolve);
  return {
    provider: NETLIFY,
    resources: lowered.flatMap(({ resources }) => resources),
    ...collectLowered(lowered),
    unpriced:
      "a Netlify team of your own, which pays for its plan and its credits itself: no cap here stops what that comes to",
  };
}
