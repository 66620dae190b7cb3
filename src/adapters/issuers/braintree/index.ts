import type { IssuerProfile } from "../contract.ts";

/** Braintree's grants: one payment of a shared payment method by one other merchant. */
const braintree: IssuerProfile = {
  id: "braintree",
  title: "Braintree grants",
  capabilities: {
    // A grant has no amount, currency or period at all.
    amountCap: false,
    resets: false,
    payee: "one",
    currency: false,
    // It can end by itself a day ahead at the earliest, on the hour: the broker revokes it in time.
    expiry: false,
    revocation: true,
    singleUse: true,
    webhook: true,
  },
  access: "limited release of the Grant API",
};
export default braintree;
