import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** No account first: Neon, Prisma and Stripe sandboxes that a person claims later. */
const claimable: OrchestratorProfile = {
  id: "claimable",
  title: "Claimable accounts",
  // No connection of the broker describes it yet, so a manifest cannot name it.
  names: [],
  capabilities: CAPABILITIES,
};
export default claimable;
