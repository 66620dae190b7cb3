import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import { checkStack } from "../../src/compiler/check-stack.ts";
import { stackFolder } from "../../src/compiler/stack-folder.ts";
import { compileText, errorsOf, manifestWith, textOf } from "./compile-text.ts";

const ROOT = join(import.meta.dirname, "../..");
const KV = manifestWith({ cache: { kind: "kv" } });

describe("the pipeline", () => {
  test("gives every intermediate form", async () => {
    const result = await compileText(KV);
    expect(result.diagnostics).toEqual([]);
    expect(result.manifest?.data.name).toBe("acme");
    expect(result.guardrails?.limits.counts.domains).toBe(2);
    expect(result.model?.order).toEqual(["cache"]);
    expect(result.lowered?.map(({ provider }) => provider)).toEqual(["cloudflare"]);
    expect(result.policy?.requiresApproval).toBe(false);
    expect([...(result.files?.keys() ?? [])]).toEqual(["Pulumi.yaml", "index.ts"]);
  });

  test("puts built files beside the program, in order of path", async () => {
    const { files } = await compileText(manifestWith({ shop: { kind: "app", source: "./app" } }));
    expect([...(files?.keys() ?? [])]).toEqual(["Pulumi.yaml", "build/shop.mjs", "index.ts"]);
  });

  test("names the stack in what it creates, and the digests of what it was made from", async () => {
    const program = textOf(await compileText(KV, { stack: "prod" }), "index.ts");
    expect(program).toContain('"acme-prod-cache"');
    expect(program.match(/^\/\/ {3}\w+ +[0-9a-f]{64}$/gm)).toHaveLength(3);
  });

  test("gives the same bytes for the same input", async () => {
    expect((await compileText(KV)).files).toEqual((await compileText(KV)).files);
  });

  test("builds and emits nothing without a builder", async () => {
    const result = await compileText(KV, { artifacts: undefined });
    expect(result.policy).toBeDefined();
    expect(result.files).toBeUndefined();
  });

  test("stops after the phase that found an error", async () => {
    const malformed = await compileText("name: [");
    expect(malformed.manifest).toBeUndefined();
    const unresolved = await compileText(
      manifestWith({ shop: { kind: "app", source: "./app", bind: { DB: "none" } } }),
    );
    expect(errorsOf(unresolved)).toEqual(["SC3001"]);
    expect(unresolved.manifest).toBeDefined();
    expect(unresolved.model).toBeUndefined();
  });

  test("reads the guardrails even when the manifest has errors", async () => {
    const { diagnostics } = await compileText("name: [", {
      guardrails: { path: "guardrails.yaml", text: "unknown: 1" },
    });
    expect(new Set(diagnostics.map(({ file }) => file))).toEqual(
      new Set(["supercargo.yaml", "guardrails.yaml"]),
    );
  });

  test("does not build what the policy refuses", async () => {
    const domains = Object.fromEntries(
      [1, 2, 3].map((i) => [
        `d${i}`,
        { kind: "domain", domain: `example${i}.com`, maxPrice: "12 USD" },
      ]),
    );
    let built = false;
    const result = await compileText(manifestWith(domains), {
      artifacts: async () => {
        built = true;
        return [];
      },
    });
    expect(errorsOf(result)).not.toEqual([]);
    expect(result.policy).toBeDefined();
    expect(built).toBe(false);
  });
});

describe("the stacks that are kept in the repository", () => {
  test.each(readdirSync(join(ROOT, "stacks")))(
    "%s is what its template compiles to",
    async (name) => {
      const folder = join(ROOT, "templates", name);
      const read = (file: string) => ({
        path: `templates/${name}/${file}`,
        text: readFileSync(join(folder, file), "utf8"),
      });
      const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
      const result = await compileText("", {
        manifest: read("supercargo.yaml"),
        guardrails: read("guardrails.yaml"),
        artifacts: createArtifactBuilder({ path: folder, shown: `templates/${name}` }),
        generator: { name: "supercargo", version },
      });
      expect(errorsOf(result)).toEqual([]);
      const drift = checkStack(
        stackFolder(ROOT, result.model?.name ?? ""),
        result.files ?? new Map(),
        {
          requireBuilt: false,
        },
      );
      expect(drift).toEqual([]);
    },
  );
});
