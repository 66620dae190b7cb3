import type { OrchestratorProfile } from "../contract.ts";
import { CAPABILITIES } from "./capabilities.ts";

/** Any platform with signed-in users: its own OpenID Connect provider vouches. */
const self: OrchestratorProfile = {
  id: "self",
  title: "Your own OpenID Connect provider",
  names: ["self"],
  capabilities: CAPABILITIES,
};
export default self;
