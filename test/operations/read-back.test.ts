import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { evaluatePolicy } from "../../src/compiler/3-policy/evaluate-policy.ts";
import { CROSSPLANE_FILES } from "../../src/compiler/4-emit/crossplane/crossplane-files.ts";
import { readStack } from "../../src/deploy/crossplane/read-stack.ts";
import { compareViews } from "../../src/operations/compare-views.ts";
import { readBack } from "../../src/operations/read-back.ts";
import { toReviewSteps } from "../../src/operations/review-steps.ts";
import { viewEngine } from "../../src/operations/view-engine.ts";
import { buildReview } from "../../src/review/build-review.ts";
import { compileText, manifestWith, textOf } from "../compile/compile-text.ts";

const STOREFRONT = join(import.meta.dirname, "../../templates/storefront/supercargo.yaml");
const compiled = await compileText(readFileSync(STOREFRONT, "utf8"), { engine: "crossplane" });
const TEXT = textOf(compiled, CROSSPLANE_FILES.composition);

function meant() {
  const { model, lowered } = compiled;
  if (model === undefined || lowered === undefined) throw new Error("nothing was compiled");
  return { model, lowered };
}

/** A database at Neon, before which the plan of its account is ordered. */
const elsewhere = await compileText(
  manifestWith({ orders: { kind: "database", provider: "neon" } }),
  { engine: "crossplane", stack: "prod" },
);

/** The steps that a text says. */
const stepsOf = (text: string) =>
  readStack(new Map([[CROSSPLANE_FILES.composition, new TextEncoder().encode(text)]]));

/** The review of what a text says, whatever was meant. */
function review(text: string) {
  const read = readBack(meant(), stepsOf(text));
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

test("a resource that is printed as another kind is that kind, and costs what nobody meant", () => {
  const text = edit(/(apiVersion: )r2(\..*\n +kind: )Bucket/, "$1d1$2Database");
  expect(review(text).charged).toEqual(["address"]);
  const { model, lowered } = meant();
  const sink = { report: () => {} };
  const view = (printed: string) => {
    const steps = stepsOf(printed);
    const policy = evaluatePolicy({ model, lowered, catalog: loadCatalog() }, sink);
    const shown = buildReview({ model, lowered, policy, files: [], steps: toReviewSteps(steps) });
    return viewEngine(
      { model, lowered },
      { engine: "crossplane", review: shown, steps, seconds: 0 },
    );
  };
  expect(compareViews([view(TEXT), view(TEXT)])).toEqual([]);
  const changed = view(text);
  expect(changed.view.resources).toContain("create cloudflare_d1_database media");
  expect(changed.view.resources).not.toContain("create cloudflare_r2_bucket media");
  expect(changed.review.resources).toEqual(changed.view.resources);
  expect(compareViews([view(TEXT), changed])).toContain("resources");
  expect(compareViews([changed])).toContain("cost");
});

test.each([
  ["neon/free", "neon/launch", ["neon/launch usage", "neon/postgres usage"]],
  ["neon/postgres", "neon/other", ["neon/other unknown"]],
])("a service that no manifest calls one is what is printed: %s as %s", (from, to, read) => {
  const { model, lowered } = elsewhere;
  if (model === undefined || lowered === undefined) throw new Error("nothing was compiled");
  const text = textOf(elsewhere, CROSSPLANE_FILES.composition);
  const charged = (printed: string) =>
    readBack({ model, lowered }, stepsOf(printed)).cost.charges.map(
      ({ service, kind }) => `${service} ${kind}`,
    );
  expect(charged(text)).toEqual([]);
  expect(text).toContain(`service: ${from}`);
  expect(charged(text.replace(`service: ${from}`, `service: ${to}`))).toEqual(read);
});
