import { describe, expect, it } from "vitest";
import { ISSUERS } from "../../src/adapters/issuers/registry.ts";
import { describeIssuers } from "../../src/review/describe-issuers.ts";
import { describeIssuer } from "../../src/review/review-phrases.ts";

describe("who enforces what, a line for each payment partner", () => {
  it("follows the manifest's order, and what a token does not enforce is the ledger's", () => {
    const lines = describeIssuers(["adyen", "stripe", "invoice", "nobody"], ISSUERS);
    expect(lines.map((one) => `${one.issuer}: ${describeIssuer(one)}`)).toEqual([
      "adyen: the token itself sees to amount, payee, currency, expiry, revocation; our ledger to monthly reset, single use",
      "stripe: the token itself sees to amount, payee, currency, expiry, revocation; our ledger to monthly reset, single use",
      "invoice: the token itself sees to nothing; our ledger to amount, monthly reset, payee, currency, expiry, revocation, single use",
    ]);
  });

  it("leaves nothing to nobody", () => {
    for (const one of describeIssuers(
      ISSUERS.map(({ id }) => id),
      ISSUERS,
    ))
      expect([...one.enforces, ...one.ledger]).toEqual(
        expect.arrayContaining(["amount", "payee", "currency", "expiry", "revocation"]),
      );
  });
});
