import type { OrchestratorProfile } from "../contract.ts";

/** An organisation of one's own at Google Cloud, in which a service account makes projects that a billing account pays for. */
const googleProjects: OrchestratorProfile = {
  id: "google-projects",
  title: "Google Cloud organisation",
  names: ["google-projects"],
  capabilities: {
    links: true,
    provisions: false,
    lists: false,
    rotates: false,
    removes: false,
    endsSessions: false,
    needsClaim: false,
    // Nothing is bought through it: what is used in the project stands on the billing account's bill, which no token of ours can bound.
    payment: "none",
    ownership: "principal",
  },
};
export default googleProjects;
