import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** The Agentic Provisioning Protocol 0.1d, spoken directly to a provider for whoever holds a signing secret there. */
const app: OrchestratorProfile = {
  id: "app",
  title: "Agentic Provisioning Protocol",
  names: ["stripe"],
  capabilities: CAPABILITIES,
};
export default app;
