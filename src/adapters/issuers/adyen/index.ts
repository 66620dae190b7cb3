import type { IssuerProfile } from "../contract.ts";

/** Virtual cards of Adyen Issuing with transaction rules. */
const adyen: IssuerProfile = {
  id: "adyen",
  title: "Adyen Issuing cards",
  capabilities: {
    amountCap: true,
    // The cap's rule counts over the card's life; Adyen's rules could count by the month.
    resets: false,
    payee: "one",
    currency: true,
    expiry: true,
    revocation: true,
    singleUse: false,
    webhook: true,
  },
  access: "customers of Adyen Issuing",
};
export default adyen;
