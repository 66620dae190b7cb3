import type { IssuerProfile } from "../contract.ts";

/** Virtual cards of Stripe Issuing with spending controls. */
const stripeIssuing: IssuerProfile = {
  id: "stripe-issuing",
  title: "Stripe Issuing cards",
  capabilities: {
    amountCap: true,
    // The spending limit is `all_time`; Stripe could count by the month.
    resets: false,
    payee: "category",
    currency: false,
    // A card ends with a month, not at a time: the broker cancels it.
    expiry: false,
    revocation: true,
    singleUse: false,
    webhook: true,
  },
  access: "customers of Stripe Issuing (US, EU, UK)",
};
export default stripeIssuing;
