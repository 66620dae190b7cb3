import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** Stripe vouches, asked through its official command line. */
const stripeProjects: OrchestratorProfile = {
  id: "stripe-projects",
  title: "Stripe Projects CLI",
  names: ["stripe-projects"],
  capabilities: CAPABILITIES,
};
export default stripeProjects;
