import { describe, expect, it } from "vitest";
import { createInvoiceIssuer, openIssuer } from "../../src/adapters/issuers/invoice/client.ts";
import invoice from "../../src/adapters/issuers/invoice/index.ts";
import { testIssuer } from "./issuer-suite.ts";

const BILLED = "a bill is sent without asking anybody: there is nothing that could refuse a charge";
const LOCAL = "nobody is asked, so no request or answer can be lost";

testIssuer(
  invoice,
  async () => {
    const issuer = createInvoiceIssuer({ reference: "ORG-1" });
    const issued = new Set<string>();
    return {
      issuer: {
        ...issuer,
        async issue(order) {
          const answer = await issuer.issue(order);
          if (answer.kind === "issued") issued.add(answer.token.reveal());
          return answer;
        },
      },
      payee: "anybody",
      otherPayee: "somebody",
      currency: "USD",
      count: async () => issued.size,
      advance: async () => {},
      close: async () => {},
    };
  },
  {
    "tells whether it answers us": "there is nobody who could answer",
    "makes one token although the answer is lost": LOCAL,
    "makes one token although the request is lost": LOCAL,
    "is refused with a key that is worth nothing": "there is no key",
    "shows what was captured, and that the cap holds": "a bill tells its amounts when it comes",
    "is good for one charge or for several, as it declares": BILLED,
    "is charged in another currency or is not, as it declares": BILLED,
    "is charged by its payee alone, by a category or by anyone, as it declares": BILLED,
  },
);

describe("an invoice", () => {
  it("names the organisation to the provider, and nothing else", async () => {
    const issuer = openIssuer({ reference: "ORG-1" });
    const answer = await issuer?.issue({
      ...{ key: "k", payee: "p", cap: { currency: "EUR", minor: 100n } },
      expiresAt: "2027-01-01T00:00:00.000Z",
    });
    if (answer?.kind !== "issued") throw new Error(answer?.kind);
    const given = await issuer?.reveal?.(answer.token, { payee: "p", expiresAt: answer.expiresAt });
    expect(given).toMatchObject({ kind: "revealed", type: "invoice" });
    expect(given?.kind === "revealed" && given.credential.reveal()).toBe("ORG-1");
  });

  it.each([{}, { reference: "" }, { reference: "two words" }, null])(
    "is not offered with the connection %j",
    (connection) => {
      expect(openIssuer(connection)).toBeUndefined();
    },
  );
});
