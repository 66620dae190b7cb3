import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** Stripe vouches for the customers of a platform, through its API. */
const stripeProvisioning: OrchestratorProfile = {
  id: "stripe-provisioning",
  title: "Stripe Provisioning API (preview)",
  names: ["stripe-provisioning"],
  capabilities: CAPABILITIES,
};
export default stripeProvisioning;
