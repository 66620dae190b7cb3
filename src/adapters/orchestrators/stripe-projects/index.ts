import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** Stripe vouches, asked through its official command line. */
const stripeProjects: OrchestratorProfile = {
  id: "stripe-projects",
  title: "Stripe Projects CLI",
  // No connection of the broker describes it yet, so a manifest cannot name it.
  names: [],
  capabilities: CAPABILITIES,
};
export default stripeProjects;
