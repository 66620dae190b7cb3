// Written by `npm run gen` from the folders beside it; changes are lost.
import type { IssuerProfile } from "./contract.ts";
import stripe from "./stripe/index.ts";

/** Every payment partner, by id. */
export const ISSUERS: readonly IssuerProfile[] = [stripe];
