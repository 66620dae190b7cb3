import type { IssuerProfile } from "../contract.ts";

/** Stripe's shared payment tokens. */
const stripe: IssuerProfile = {
  id: "stripe",
  title: "Stripe shared payment tokens",
  capabilities: {
    amountCap: true,
    // A recurring interval is in a private preview only.
    resets: false,
    payee: "one",
    currency: true,
    expiry: true,
    revocation: true,
    singleUse: false,
    webhook: true,
  },
  access: "preview; both sides need a Stripe profile",
};
export default stripe;
