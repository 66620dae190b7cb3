import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** Stripe vouches for the customers of a platform, through its API. */
const stripeProvisioning: OrchestratorProfile = {
  id: "stripe-provisioning",
  title: "Stripe Provisioning API (preview)",
  // No connection of the broker describes it yet, so a manifest cannot name it.
  names: [],
  capabilities: CAPABILITIES,
};
export default stripeProvisioning;
