import type { OrchestratorProfile } from "../contract.ts";

/** Template: what is declared here must hold in the suite. A name in manifests comes with the connection in `src/broker/connection.ts`. */
const template: OrchestratorProfile = {
  id: "_template",
  title: "Template",
  names: [],
  capabilities: {
    links: false,
    provisions: false,
    lists: false,
    rotates: false,
    removes: false,
    endsSessions: false,
    needsClaim: false,
    payment: "none",
    ownership: "principal",
  },
};
export default template;
