import type { OrchestratorProfile } from "../contract.ts";

/** Template: what is declared here must hold in the suite. Under `names` a manifest can name it, and the broker's connection has its part. */
const template: OrchestratorProfile = {
  id: "_template",
  title: "Template",
  names: ["_template"],
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
