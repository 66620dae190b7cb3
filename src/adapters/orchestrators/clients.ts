// Written by `npm run gen` from the folders beside it; changes are lost.
import type { OpenOrchestrator } from "./contract.ts";

/** How each orchestrator's client is loaded, by id. For the broker alone. */
export const ORCHESTRATOR_CLIENTS: Readonly<
  Record<string, () => Promise<{ readonly openOrchestrator: OpenOrchestrator }>>
> = {
  app: () => import("./app/open-orchestrator.ts"),
  "aws-organizations": () => import("./aws-organizations/open-orchestrator.ts"),
  "azure-subscriptions": () => import("./azure-subscriptions/open-orchestrator.ts"),
  claimable: () => import("./claimable/open-orchestrator.ts"),
  cloudflare: () => import("./cloudflare/open-orchestrator.ts"),
  "google-projects": () => import("./google-projects/open-orchestrator.ts"),
  self: () => import("./self/open-orchestrator.ts"),
  "stripe-projects": () => import("./stripe-projects/open-orchestrator.ts"),
  "stripe-provisioning": () => import("./stripe-provisioning/open-orchestrator.ts"),
};
