import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { CROSSPLANE_FILES } from "../../src/compiler/4-emit/crossplane/crossplane-files.ts";
import { compileText, errorsOf, textOf } from "../compile/compile-text.ts";
import { findFormatChanges } from "./format-programs.ts";

const ROOT = join(import.meta.dirname, "../..");
const CASES = join(import.meta.dirname, "cases");
const GOLDEN = join(import.meta.dirname, "golden");
const UPDATE = process.env.UPDATE_GOLDEN === "1";
const FILES = ["Pulumi.yaml", "index.ts", "main.tf.json"];
/** Cases that Crossplane can be given, with the files that are kept of each: whole for the storefront, else what is composed. */
const CROSSPLANE: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["storefront", Object.values(CROSSPLANE_FILES)],
  ...["app", "bucket", "cron", "database", "dns", "domain", "kv", "queue", "secret", "service"].map(
    (name): readonly [string, readonly string[]] => [name, [CROSSPLANE_FILES.composition]],
  ),
]);

const STOREFRONT = readFileSync(join(ROOT, "templates/storefront/supercargo.yaml"), "utf8");

/** The other places that the storefront is printed for. */
const ELSEWHERE = ["aws", "azure", "gcp", "netlify", "vercel"];

/** Case -> manifest. The storefront is the template itself, so that it and its golden tree never part; elsewhere by its one word. */
const MANIFESTS: ReadonlyMap<string, string> = new Map([
  ...readdirSync(CASES).map(
    (file) => [basename(file, ".yaml"), readFileSync(join(CASES, file), "utf8")] as const,
  ),
  ["storefront", STOREFRONT],
  ...ELSEWHERE.map(
    (id) =>
      [
        `storefront-${id}`,
        STOREFRONT.replace("\nprovider: cloudflare\n", `\nprovider: ${id}\n`),
      ] as const,
  ),
]);

if (UPDATE) {
  rmSync(GOLDEN, { recursive: true, force: true });
  mkdirSync(GOLDEN);
}

describe("generated stacks", () => {
  test.each([...MANIFESTS])("%s is as in its golden tree", async (name, manifest) => {
    const result = await compileText(manifest);
    expect(errorsOf(result)).toEqual([]);
    const opentofu = await compileText(manifest, { engine: "opentofu" });
    for (const file of FILES) {
      const path = join(GOLDEN, name, file);
      const text =
        file === "main.tf.json" ? textOf(opentofu, `opentofu/${file}`) : textOf(result, file);
      if (UPDATE) {
        mkdirSync(join(GOLDEN, name), { recursive: true });
        writeFileSync(path, text);
      }
      expect(text, `${path}; set UPDATE_GOLDEN=1 to accept`).toBe(readGolden(path));
    }
  });

  test.each([...CROSSPLANE])("%s for Crossplane is as in its golden tree", async (name, files) => {
    const result = await compileText(MANIFESTS.get(name) ?? "", { engine: "crossplane" });
    expect(errorsOf(result)).toEqual([]);
    for (const file of files) {
      const path = join(GOLDEN, name, file);
      const text = textOf(result, file);
      if (UPDATE) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      expect(text, `${path}; set UPDATE_GOLDEN=1 to accept`).toBe(readGolden(path));
    }
  });

  test("every golden file belongs to a case", () => {
    const found = readdirSync(GOLDEN, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(GOLDEN, join(parentPath, name)));
    const expected = [...MANIFESTS.keys()].flatMap((name) =>
      [...FILES, ...(CROSSPLANE.get(name) ?? [])].map((file) => `${name}/${file}`),
    );
    expect(found.sort()).toEqual(expected.sort());
  });
});

test("generated stacks are formatted as our own sources are", () => {
  const programs = [...MANIFESTS.keys()].map((name) => readGolden(join(GOLDEN, name, "index.ts")));
  expect(findFormatChanges(programs)).toBe("");
});

function readGolden(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "(missing)";
  }
}
