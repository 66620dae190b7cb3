/** Ids of the payment partners that a manifest can name. */
export const ISSUER_IDS: readonly string[] = ["stripe"];
