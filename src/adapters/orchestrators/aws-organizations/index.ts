import type { OrchestratorProfile } from "../contract.ts";

/** An organisation of one's own at AWS, whose management account makes accounts. */
const awsOrganizations: OrchestratorProfile = {
  id: "aws-organizations",
  title: "AWS Organizations",
  names: ["aws-organizations"],
  capabilities: {
    links: true,
    provisions: false,
    lists: false,
    rotates: false,
    removes: false,
    endsSessions: false,
    needsClaim: false,
    // Nothing is bought through it: what is used in the account stands on the organisation's bill, which no token of ours can bound.
    payment: "none",
    ownership: "principal",
  },
};
export default awsOrganizations;
