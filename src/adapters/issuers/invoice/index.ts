import type { IssuerProfile } from "../contract.ts";

/** No card and no token: the provider sends the organisation its bill. */
const invoice: IssuerProfile = {
  id: "invoice",
  title: "The provider's invoice",
  capabilities: {
    amountCap: false,
    resets: false,
    payee: "anyone",
    currency: false,
    expiry: false,
    revocation: false,
    singleUse: false,
    webhook: false,
  },
  access: "whoever the provider bills",
};
export default invoice;
