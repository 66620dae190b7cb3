import type { OrchestratorProfile } from "../contract.ts";
import { OAUTH_CAPABILITIES } from "./capabilities.ts";

/** No orchestrator: the person's own consent, a token of theirs, or an account that is claimed later. */
const cloudflare: OrchestratorProfile = {
  id: "cloudflare",
  title: "Cloudflare, directly",
  names: ["cloudflare", "cloudflare-oauth", "cloudflare-token"],
  capabilities: OAUTH_CAPABILITIES,
};
export default cloudflare;
