import type { OrchestratorProfile } from "../contract.ts";

/** Everyone who speaks the provisioning protocol to providers: Stripe, and one's own identity provider. */
const app: OrchestratorProfile = {
  id: "app",
  title: "Agentic Provisioning Protocol",
  names: ["stripe", "self"],
};
export default app;
