import { beforeAll, describe, expect, test } from "vitest";
import { compileText, errorsOf, textOf } from "../compile/compile-text.ts";
import { catalogOfGenerated, sampleManifests } from "../compile/random-manifests.ts";
import { findTypeErrors } from "../support/find-type-errors.ts";
import { findFormatChanges } from "./format-programs.ts";

const COUNT = 200;

describe(`${COUNT} random manifests`, () => {
  const stacks: string[] = [];
  const manifests = sampleManifests(COUNT);

  beforeAll(async () => {
    const catalog = catalogOfGenerated();
    for (const manifest of manifests) {
      const [first, second] = [
        await compileText(manifest, { catalog }),
        await compileText(manifest, { catalog }),
      ];
      expect(errorsOf(first), manifest).toEqual([]);
      expect(second.files).toEqual(first.files);
      stacks.push(textOf(first, "index.ts"));
    }
  });

  test("compile, twice to the same bytes", () => {
    expect(stacks).toHaveLength(COUNT);
  });

  test("give printable ASCII alone", () => {
    for (const stack of stacks) expect(stack).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test("give programs that are formatted as our own sources are", () => {
    // Biome prefers single quotes around a text with double quotes in it; we have one kind of literal.
    const comparable = stacks.filter((stack) => !stack.includes('\\"'));
    expect(comparable.length).toBeGreaterThan(COUNT / 2);
    expect(findFormatChanges(comparable)).toBe("");
  });

  test("give programs that TypeScript accepts under our own flags", () => {
    expect(findTypeErrors(stacks)).toEqual([]);
  });
});

test("the type check would notice a wrong program", () => {
  const wrong = [
    'import * as cloudflare from "@pulumi/cloudflare";',
    'new cloudflare.Queue("jobs", { accountId: 1, queueName: "jobs" });',
    'const unused = "unused";',
  ];
  const codes = findTypeErrors([wrong.join("\n")]).map((line) => /TS\d+/.exec(line)?.[0]);
  expect(codes).toEqual(["TS2322", "TS6133"]);
});
