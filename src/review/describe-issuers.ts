import type { IssuerCapabilities, IssuerProfile } from "../adapters/issuers/contract.ts";
import type { ReviewIssuer } from "./review.ts";

/** What can be enforced on a payment token, in the order in which people ask; in our words, and whether the token itself does it. */
const TERMS: readonly (readonly [string, (can: IssuerCapabilities) => boolean])[] = [
  ["amount", (can) => can.amountCap],
  ["monthly reset", (can) => can.resets],
  ["payee", (can) => can.payee === "one"],
  ["currency", (can) => can.currency],
  ["expiry", (can) => can.expiry],
  ["revocation", (can) => can.revocation],
  ["single use", (can) => can.singleUse],
];

/** What each payment partner of a manifest enforces by itself and what is left to our ledger, in the manifest's order. */
export function describeIssuers(
  ids: readonly string[],
  issuers: readonly IssuerProfile[],
): readonly ReviewIssuer[] {
  return ids.flatMap((id) => {
    const profile = issuers.find((one) => one.id === id);
    if (profile === undefined) return [];
    const split = (wanted: boolean): readonly string[] =>
      TERMS.flatMap(([term, test]) => (test(profile.capabilities) === wanted ? [term] : []));
    const category = profile.capabilities.payee === "category" ? ["category of payees"] : [];
    return [
      {
        issuer: id,
        title: profile.title,
        enforces: [...split(true), ...category],
        ledger: split(false),
      },
    ];
  });
}
