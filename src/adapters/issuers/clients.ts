// Written by `npm run gen` from the folders beside it; changes are lost.
import type { OpenIssuer } from "./contract.ts";

/** How each payment partner's client is loaded, by id. For the broker alone. */
export const ISSUER_CLIENTS: Readonly<
  Record<string, () => Promise<{ readonly openIssuer: OpenIssuer }>>
> = {
  adyen: () => import("./adyen/client.ts"),
  braintree: () => import("./braintree/client.ts"),
  invoice: () => import("./invoice/client.ts"),
  paypal: () => import("./paypal/client.ts"),
  stripe: () => import("./stripe/client.ts"),
  "stripe-issuing": () => import("./stripe-issuing/client.ts"),
};
