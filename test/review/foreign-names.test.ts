import { describe, expect, test } from "vitest";
import { buildReview } from "../../src/review/build-review.ts";
import { renderReviewJson } from "../../src/review/render-review-json.ts";
import { renderReviewMarkdown } from "../../src/review/render-review-markdown.ts";
import { renderReviewText } from "../../src/review/render-review-text.ts";
import type { Review } from "../../src/review/review.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";
import { FILES, reviewStorefront } from "./sample-review.ts";

function reviewOf(domain: string, existing?: ReadonlySet<string>): Review {
  const resource = `  address: { kind: domain, domain: "${domain}", maxPrice: 12.00 USD }`;
  return buildReview({ ...compileText(manifestOf(resource), { existing }), files: FILES });
}

const CAPE = "\u0441\u0430\u0440\u0435.com";
const review = reviewOf(CAPE);

describe("promise 22: the approval shows a name that is not plain ASCII character by character", () => {
  test("as text", () => {
    expect(renderReviewText(review)).toContain(
      [
        "Names that are not plain ASCII",
        "  address: xn--80ak6ac.com (supercargo.yaml:9)",
        "    is \\u{441}\\u{430}\\u{440}\\u{435}.com, can be read as cape.com",
        "    in it U+0441 Cyrillic, U+0430 Cyrillic, U+0440 Cyrillic, U+0435 Cyrillic",
        "",
      ].join("\n"),
    );
    expect(renderReviewText(review)).toContain("address: its name is not plain ASCII");
    expect(renderReviewText(review)).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("as Markdown", () => {
    expect(renderReviewMarkdown(review)).toContain(
      [
        "## Names that are not plain ASCII",
        "",
        "- `address`: `xn--80ak6ac.com` (`supercargo.yaml:9`) is `\\u{441}\\u{430}\\u{440}\\u{435}.com`, can be read as `cape.com`; in it `U+0441 Cyrillic, U+0430 Cyrillic, U+0440 Cyrillic, U+0435 Cyrillic`",
        "",
      ].join("\n"),
    );
    expect(renderReviewMarkdown(review)).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("as JSON", () => {
    const json = renderReviewJson(review);
    expect(json).toMatch(/^[\n\x20-\x7e]*$/);
    expect(JSON.parse(json)).toMatchObject({
      verdict: "needs-approval",
      names: [
        {
          resource: "address",
          domain: "xn--80ak6ac.com",
          unicode: CAPE,
          reading: "cape.com",
          characters: [
            { codePoint: "U+0441", script: "Cyrillic" },
            { codePoint: "U+0430", script: "Cyrillic" },
            { codePoint: "U+0440", script: "Cyrillic" },
            { codePoint: "U+0435", script: "Cyrillic" },
          ],
          place: "supercargo.yaml:9",
        },
      ],
    });
  });

  test("the longest name whole, however many characters it has", () => {
    const long = `${"\u4e2d".repeat(50)}.com`;
    const { names } = reviewOf(long);
    expect(names?.[0]?.characters).toHaveLength(50);
    for (const text of [renderReviewText(reviewOf(long)), renderReviewMarkdown(reviewOf(long))])
      expect(text.match(/U\+4E2D Han/g)).toHaveLength(50);
  });

  test("also when it is given in A-label form, and no longer asks once it is bought", () => {
    expect(reviewOf("xn--80ak6ac.com").names).toEqual(review.names);
    const reasons = (one: Review) => one.approvals.map(({ reason }) => reason);
    expect(reasons(review)).toContain("foreign-name");
    expect(reasons(reviewOf(CAPE, new Set(["address"])))).toEqual([]);
  });

  test("and says nothing where all names are plain ASCII", () => {
    const plain = reviewStorefront("prod");
    expect(plain).not.toMatchObject({ names: expect.anything() });
    expect(renderReviewText(plain)).not.toContain("plain ASCII");
  });
});
