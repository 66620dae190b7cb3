// Written by `npm run gen` from the folders beside it; changes are lost.
import adyen from "./adyen/index.ts";
import braintree from "./braintree/index.ts";
import type { IssuerProfile } from "./contract.ts";
import invoice from "./invoice/index.ts";
import paypal from "./paypal/index.ts";
import stripe from "./stripe/index.ts";
import stripeIssuing from "./stripe-issuing/index.ts";

/** Every payment partner, by id. */
export const ISSUERS: readonly IssuerProfile[] = [
  adyen,
  braintree,
  invoice,
  paypal,
  stripe,
  stripeIssuing,
];
