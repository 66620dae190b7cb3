import type { OrchestratorProfile } from "../contract.ts";

/** A tenant of one's own at Azure, in which an application makes subscriptions that a billing account pays for. */
const azureSubscriptions: OrchestratorProfile = {
  id: "azure-subscriptions",
  title: "Azure tenant",
  names: ["azure-subscriptions"],
  capabilities: {
    links: true,
    provisions: false,
    lists: false,
    rotates: false,
    removes: false,
    endsSessions: false,
    needsClaim: false,
    // Nothing is bought through it: what is used in the subscription stands on the billing account's bill, which no token of ours can bound.
    payment: "none",
    ownership: "principal",
  },
};
export default azureSubscriptions;
