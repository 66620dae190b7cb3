import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** No account first: Neon, Prisma and Stripe sandboxes that a person claims later. */
const claimable: OrchestratorProfile = {
  id: "claimable",
  title: "Claimable accounts",
  names: ["claimable"],
  capabilities: CAPABILITIES,
};
export default claimable;
