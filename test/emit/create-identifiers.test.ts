import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { createIdentifiers } from "../../src/compiler/4-emit/pulumi/create-identifiers.ts";

const list = (...names: string[]) => [...createIdentifiers(names).values()];

test("names are printed in camel case", () => {
  expect(list("orders", "session-key", "a-1-b")).toEqual(["orders", "sessionKey", "a1B"]);
});

test("the part of an owner is in the identifier, the data behind it is not", () => {
  expect(list("cloudflare.payment-token", "shop.domain.www.example.com")).toEqual([
    "cloudflarePaymentToken",
    "shopDomain",
  ]);
});

test("reserved words and the file's own names are avoided", () => {
  expect(list("class", "await", "global-this", "cloudflare", "pulumi", "urls")).toEqual([
    "classResource",
    "awaitResource",
    "globalThisResource",
    "cloudflareResource",
    "pulumiResource",
    "urlsResource",
  ]);
});

test("an account at a provider whose name starts with a digit gets a valid identifier", () => {
  expect(list("1password.account")).toEqual(["resource1passwordAccount"]);
});

test("a taken identifier gets a number", () => {
  expect(list("a-b", "a--b", "a-b-", "a-b2", "class", "class-resource")).toEqual([
    "aB",
    "aB2",
    "aB3",
    "aB22",
    "classResource",
    "classResource2",
  ]);
});

test("a resource of the manifest keeps its identifier whatever else is called like it", () => {
  const identifiers = createIdentifiers(["shop.domain.a", "shop-domain", "shop.domain.b"]);
  expect(identifiers.get("shop-domain")).toBe("shopDomain");
  expect(new Set(identifiers.values()).size).toBe(3);
});

test("thousands of names that look the same take no time", () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `a${"-".repeat(i % 7)}.p.${i}`);
  expect(new Set(createIdentifiers(names).values()).size).toBe(names.length);
});

test("no keyword of TypeScript is an identifier, contextual ones included", () => {
  const words = Array.from(
    { length: ts.SyntaxKind.LastKeyword - ts.SyntaxKind.FirstKeyword + 1 },
    (_, i) => ts.tokenToString(ts.SyntaxKind.FirstKeyword + i),
  ).filter((word) => word !== undefined);
  expect(words).toContain("of");
  for (const [word, identifier] of createIdentifiers(words))
    expect(identifier).toBe(`${word}Resource`);
});

test("whatever the names, the identifiers are valid and different", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}(\.[a-z-]{1,8}(\.[a-z0-9.]{1,9})?)?$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 30 }), (names) => {
      const identifiers = [...createIdentifiers(names).values()];
      expect(new Set(identifiers).size).toBe(names.length);
      for (const identifier of identifiers) {
        expect(identifier).toMatch(/^[a-z][A-Za-z0-9]*$/);
        expect(ts.identifierToKeywordKind(ts.factory.createIdentifier(identifier))).toBeUndefined();
      }
    }),
  );
});
