// Written by `npm run gen` from the folders beside it; changes are lost.
import app from "./app/index.ts";
import awsOrganizations from "./aws-organizations/index.ts";
import azureSubscriptions from "./azure-subscriptions/index.ts";
import claimable from "./claimable/index.ts";
import cloudflare from "./cloudflare/index.ts";
import type { OrchestratorProfile } from "./contract.ts";
import googleProjects from "./google-projects/index.ts";
import self from "./self/index.ts";
import stripeProjects from "./stripe-projects/index.ts";
import stripeProvisioning from "./stripe-provisioning/index.ts";

/** Everyone who can vouch for a principal, by id. */
export const ORCHESTRATORS: readonly OrchestratorProfile[] = [
  app,
  awsOrganizations,
  azureSubscriptions,
  claimable,
  cloudflare,
  googleProjects,
  self,
  stripeProjects,
  stripeProvisioning,
];
