import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileText, errorsOf, textOf } from "../compile/compile-text.ts";
import { catalogOfGenerated, sampleManifests } from "../compile/random-manifests.ts";
import { findFormatChanges } from "./format-programs.ts";

const ROOT = join(import.meta.dirname, "../..");
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

/** Errors in programs, found by one run of the compiler in a folder that sees our packages as a stack's folder does. */
function findTypeErrors(programs: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-types-"));
  folders.push(folder);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
  const paths = { "supercargo/resources": [join(ROOT, "src/resources/index.ts")] };
  const config = { compilerOptions: { ...compilerOptions, paths }, include: ["*/index.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  programs.forEach((program, i) => {
    mkdirSync(join(folder, `${i}`));
    writeFileSync(join(folder, `${i}`, "index.ts"), program);
  });
  const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], {
    encoding: "utf8",
  });
  // Those of our own sources, which the programs import, are found by the check of the whole.
  return stdout.split("\n").filter((line) => line.includes(basename(folder)));
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
