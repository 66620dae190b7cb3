import { describe, expect, it } from "vitest";
import { createInvoiceIssuer } from "../../src/adapters/issuers/invoice/client.ts";
import invoice from "../../src/adapters/issuers/invoice/index.ts";
import { createDesk } from "./issuer-desk.ts";
import { listIdleSkips, listLeftOut, listPassed } from "./left-out.ts";

const PASSES = "calls a token that never was absent";
const DENIES = "lets a token end at its time";

describe("what an issuer's test leaves out", () => {
  it("is what is declared false, and what has a written reason", () => {
    const leftOut = listLeftOut(invoice.capabilities, { [PASSES]: "no time" });
    const reasons = [...leftOut].map(([{ title }, reason]) => [title, reason]);
    expect(reasons).toContainEqual([PASSES, "no time"]);
    expect(reasons).toContainEqual([DENIES, "declares expiry: false"]);
  });

  it("is noticed where there is nothing to leave out", () => {
    const skip = { "no such case": "typo", [DENIES]: "it has no end", [PASSES]: "no time" };
    expect(listIdleSkips(invoice.capabilities, skip)).toEqual(["no such case", DENIES]);
  });

  it("is noticed where it would pass", async () => {
    const desk = createDesk({
      issuer: createInvoiceIssuer({ reference: "ORG-1" }),
      payee: "anybody",
      otherPayee: "somebody",
      currency: "USD",
      count: async () => 0,
      advance: async () => {},
      close: async () => {},
    });
    const leftOut = listLeftOut(invoice.capabilities, { [PASSES]: "no time" });
    expect(await listPassed(leftOut.keys(), desk, invoice.capabilities)).toEqual([PASSES]);
  });
});
