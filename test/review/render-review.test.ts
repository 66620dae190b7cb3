import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCatalog } from "../../src/catalog/parse-catalog.ts";
import { buildReview } from "../../src/review/build-review.ts";
import { renderReviewJson } from "../../src/review/render-review-json.ts";
import {
  MARKDOWN_LENGTH_MAX,
  renderReviewMarkdown,
} from "../../src/review/render-review-markdown.ts";
import { renderReviewText } from "../../src/review/render-review-text.ts";
import type { Review } from "../../src/review/review.ts";
import { expectGolden } from "../catalog/expect-golden.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";
import { compileStorefront, FILES, reviewStorefront, stepOf, stepsFor } from "./sample-review.ts";

const golden = (name: string): string => resolve("test/review/golden", name);

describe("the storefront's review", () => {
  const first = reviewStorefront("prod");
  it("as JSON", () => expectGolden(renderReviewJson(first), golden("storefront.json")));
  it("as Markdown", () => expectGolden(renderReviewMarkdown(first), golden("storefront.md")));
  it("as text", () => expectGolden(renderReviewText(first), golden("storefront.txt")));

  it("as text, of a later run that changes one thing and deletes another", () => {
    const existing = new Set(["address", "media", "cloudflare.account"]);
    const compiled = compileStorefront("prod", existing);
    const steps = [
      ...stepsFor(compiled.lowered, (name) => (name === "shop" ? "update" : "same")).map((step) =>
        step.name === "shop"
          ? { ...step, changedKeys: ["content_sha256", "bindings[3].text"] }
          : step,
      ),
      stepOf("delete", "old-bucket"),
    ];
    const review = buildReview({ ...compiled, files: FILES, steps });
    expectGolden(renderReviewText(review), golden("storefront-later.txt"));
  });
});

/** Texts that try to be markup, to leave a span or a cell, or to move what a terminal shows. */
const HOSTILE = [
  "`code` **bold** <script>alert(1)</script>",
  "a | b | c\n| d |",
  "](javascript:alert(1)) ![x](http://x/y.png) @admin #1",
  "\u001b[31mred\u001b[0m \u202eevil\u200b \u{1f600}",
  "\n# Approved\n\n- [x] all good",
  "```\n",
  "\\`",
];
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ maxLength: 40 }),
);

const change = fc.record({
  op: fc.constantFrom("create", "update", "replace", "delete"),
  name: hostile,
  type: hostile,
  resource: fc.option(hostile, { nil: undefined }),
  cause: hostile,
  place: fc.option(hostile, { nil: undefined }),
  changedKeys: fc.array(hostile, { maxLength: 12 }),
});
const charge = fc.record({
  resource: hostile,
  service: hostile,
  place: hostile,
  kind: fc.constantFrom("usage", "unknown"),
  rates: fc.array(hostile, { maxLength: 12 }),
  source: fc.constant("catalogue"),
  text: hostile,
  exists: fc.boolean(),
});
const act = fc.record({ resource: hostile, act: hostile, place: hostile });
const finding = fc.record({
  code: fc.constant("SC4008"),
  severity: fc.constantFrom("error", "warning"),
  message: hostile,
  remedy: hostile,
  place: hostile,
});
const permission = fc.record({
  provider: hostile,
  group: hostile,
  scope: hostile,
  because: fc.array(hostile),
});
const name = fc.record({
  resource: hostile,
  domain: hostile,
  unicode: hostile,
  reading: fc.option(hostile, { nil: undefined }),
  characters: fc.array(fc.record({ codePoint: hostile, script: hostile }), { maxLength: 4 }),
  place: hostile,
});
const hostileReview: fc.Arbitrary<Review> = fc
  .record({
    project: hostile,
    stack: hostile,
    principal: hostile,
    agent: hostile,
    changes: fc.array(change, { maxLength: 8 }),
    charges: fc.array(charge, { maxLength: 8 }),
    names: fc.option(fc.array(name, { maxLength: 8 }), { nil: undefined }),
    permissions: fc.array(permission, { maxLength: 8 }),
    irreversible: fc.array(act, { maxLength: 8 }),
    findings: fc.array(finding, { maxLength: 8 }),
    files: fc.array(fc.record({ path: hostile, sha256: hostile }), { maxLength: 8 }),
  })
  .map(({ charges, files, ...rest }) => {
    const base = reviewStorefront("prod");
    return {
      ...base,
      ...rest,
      cost: { ...base.cost, charges },
      digests: { ...base.digests, files },
    };
  });

describe("whatever the texts in a review are", () => {
  it("Markdown shows them in code spans, one line each, in visible ASCII", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        const text = renderReviewMarkdown(review);
        expect(text).toMatch(/^[\n\x20-\x7e]*$/u);
        for (const line of text.split("\n")) {
          expect((line.match(/`/gu) ?? []).length % 2, line).toBe(0);
          const outside = line.replaceAll(/`[^`]*`/gu, "").replaceAll(/\\./gu, "");
          expect(outside).not.toMatch(/<|!\[|\]\(|@|javascript:/u);
          if (outside.startsWith("#"))
            expect(outside).toMatch(
              /^#(?: (?:\(empty\))? on (?:\(empty\))?$|# (?:What|Cost|Paid|Names|Perm|Find|Appr|Dig))/u,
            );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("every row of a table has as many cells as its head", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        let cells = 0;
        for (const line of renderReviewMarkdown(review).split("\n")) {
          const bars = (line.match(/(?<!\\)\|/gu) ?? []).length;
          if (!line.startsWith("|")) cells = 0;
          else if (cells === 0) cells = bars;
          else expect(bars, line).toBe(cells);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("the terminal gets visible ASCII, and with colour only our own codes", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        const text = renderReviewText(review);
        expect(text).toMatch(/^[\n\x20-\x7e]*$/u);
        const coloured = renderReviewText(review, { color: true });
        expect(stripVTControlCharacters(coloured)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a large review", () => {
  const many = 3000;
  const resources = Array.from({ length: many }, (_, i) => `  bucket-${i}: { kind: bucket }`);
  const compiled = compileText(manifestOf(resources.join("\n")));
  const steps = stepsFor(compiled.lowered, () => "create");
  const review = buildReview({ ...compiled, files: FILES, steps });

  it("fits into a comment and says how much it leaves out", () => {
    const text = renderReviewMarkdown(review);
    expect(text.length).toBeLessThan(65_536);
    expect(text.length).toBeGreaterThan(10_000);
    expect(text).toMatch(/\.\.\. and \d{4} more/u);
    expect(text).toContain(`**A person must approve.** ${many + 4} to create`);
    expect(text).toContain(review.digests.manifest);
  });

  it("is complete as JSON, and short on a terminal", () => {
    expect(JSON.parse(renderReviewJson(review)).changes).toHaveLength(many + 4);
    expect(renderReviewText(review).split("\n").length).toBeLessThan(150);
  });

  it("fits even when every text in it is as long and as wide as can be", () => {
    const wide = "\u{10ffff}".repeat(5000);
    const filled = JSON.parse(renderReviewJson(review), (key, value: unknown) =>
      typeof value === "string" &&
      !/^\d+\.\d\d USD$/u.test(value) &&
      !["op", "kind", "source", "severity", "verdict", "reason"].includes(key)
        ? wide
        : value,
    ) as Review;
    expect(renderReviewMarkdown(filled).length).toBeLessThanOrEqual(MARKDOWN_LENGTH_MAX);
  });
});

it("shows the catalogue's words as words", () => {
  const freeform =
    "$5/month <img src=x onerror=alert(1)> | **free** for `you`, see [here](http://x)";
  const service = {
    provider_name: "Acme",
    service_id: "box",
    kind: "deployable",
    scope: "project",
    availability: "available",
    categories: [],
    configuration_schema: {},
    pricing: { type: "paid", paid: { type: "freeform", freeform } },
  };
  const { catalog } = parseCatalog(JSON.stringify({ data: { services: [service] } }));
  const compiled = compileText(manifestOf("  box: { kind: service, service: acme/box }"), {
    catalog,
  });
  const text = renderReviewMarkdown(buildReview({ ...compiled, files: [] }));
  const outside = text.replaceAll(/`[^`]*`/gu, "");
  expect(text).toContain("<img");
  expect(outside).not.toContain("<");
  expect(outside).not.toContain("](");
  expect(text).toContain("price not known");
});
