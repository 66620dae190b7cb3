import type { IssuerProfile } from "../contract.ts";

/** Payment tokens of PayPal's vault: a billing agreement that a person approved once, as a token of the payee's vault. */
const paypal: IssuerProfile = {
  id: "paypal",
  title: "PayPal vault tokens",
  capabilities: {
    // A payment token has no amount, currency, period or end at all.
    amountCap: false,
    resets: false,
    payee: "one",
    currency: false,
    expiry: false,
    revocation: true,
    singleUse: false,
    webhook: true,
  },
  access: "platforms at PayPal, with an agreement for each payee",
};
export default paypal;
