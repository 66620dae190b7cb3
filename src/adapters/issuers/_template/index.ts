import type { IssuerProfile } from "../contract.ts";

/** Template: what is declared here must hold in the suite. */
const template: IssuerProfile = {
  id: "_template",
  title: "Template",
  capabilities: {
    amountCap: true,
    resets: false,
    payee: "one",
    currency: true,
    expiry: true,
    revocation: true,
    singleUse: false,
    webhook: false,
  },
  access: "nobody yet",
};
export default template;
