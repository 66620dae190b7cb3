import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CROSSPLANE_FILES } from "../../src/compiler/4-emit/crossplane/crossplane-files.ts";
import { readStack } from "../../src/deploy/crossplane/read-stack.ts";
import { readBack } from "../../src/operations/read-back.ts";
import { compileText, textOf } from "../compile/compile-text.ts";

const STOREFRONT = join(import.meta.dirname, "../../templates/storefront/supercargo.yaml");
const compiled = await compileText(readFileSync(STOREFRONT, "utf8"), { engine: "crossplane" });
const TEXT = textOf(compiled, CROSSPLANE_FILES.composition);

/** The review of what a text says, whatever was meant. */
function review(text: string) {
  const { model, lowered } = compiled;
  if (model === undefined || lowered === undefined) throw new Error("nothing was compiled");
  const files = new Map([[CROSSPLANE_FILES.composition, new TextEncoder().encode(text)]]);
  const read = readBack({ model, lowered }, readStack(files));
  return {
    resources: (read.changes ?? []).map(({ name }) => name),
    rights: read.permissions.map(({ group }) => group),
    charged: read.cost.charges.map(({ resource }) => resource),
    yearly: read.cost.yearly,
    oneTime: read.cost.oneTime,
    acts: read.irreversible.map(({ act }) => act),
  };
}

/** One change of the text, which must be there. */
function edit(from: string | RegExp, to: string): string {
  const text = TEXT.replace(from, to);
  expect(text).not.toBe(TEXT);
  return text;
}

test("what was printed reads back as what was meant", () => {
  expect(review(TEXT)).toMatchObject({
    rights: ["D1 Write", "Queues Write", "Workers R2 Storage Write", "Workers Scripts Write"],
    charged: ["address", "media"],
    oneTime: ["10.44 USD"],
    acts: ["registers example-shop.com for 1 year"],
  });
});

test("a right that is printed too much or too little shows", () => {
  expect(review(edit('"D1 Write"', '"Billing Write"')).rights).toContain("Billing Write");
});

test("a resource that is not printed costs nothing and is not there", () => {
  const without = review(edit(/ {10}- name: media\n(?: {12}.*\n)+/, ""));
  expect(without.resources).not.toContain("media");
  expect(without.charged).toEqual(["address"]);
});

test("a domain is the one that is printed, for the years that are printed", () => {
  const changed = review(
    edit("years: 1", "years: 3").replace("example-shop.com", "other-shop.com"),
  );
  expect(changed.acts).toEqual(["registers other-shop.com for 3 years"]);
  expect(changed.oneTime).toEqual(["31.32 USD"]);
});

test("a price that cannot be read is not the one that was meant", () => {
  const { oneTime, acts } = review(edit('maxPrice: "12.00 USD"', "maxPrice: lots"));
  expect(oneTime).not.toEqual(review(TEXT).oneTime);
  expect(acts).not.toEqual(review(TEXT).acts);
});
