import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listGenerated } from "../../src/scaffold/list-generated.ts";

const ROOT = join(import.meta.dirname, "../..");
let clone = "";

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "sc-scaffold-"));
  for (const name of ["src", "test", "package.json", "tsconfig.json", "vitest.config.ts"])
    cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, args, { cwd: clone, encoding: "utf8" });
}

describe("the registries", () => {
  it("are what their folders say", () => {
    for (const { path, text } of listGenerated(ROOT))
      expect(readFileSync(join(ROOT, path), "utf8"), path).toBe(text);
  });

  it("are noticed when they differ", () => {
    const registry = join(clone, "src/adapters/issuers/registry.ts");
    const before = readFileSync(registry, "utf8");
    writeFileSync(registry, "// nothing\n");
    const check = run("src/scaffold/write-generated.ts", "--check");
    expect(check.status).toBe(1);
    expect(check.stdout).toContain("src/adapters/issuers/registry.ts");
    expect(run("src/scaffold/write-generated.ts").status).toBe(0);
    expect(readFileSync(registry, "utf8")).toBe(before);
  });
});

describe("new:adapter", () => {
  it.each([
    [["bank", "x"], "the family is one of issuers, orchestrators, vendors"],
    [["issuers", "My Bank"], "kebab-case"],
    [["issuers", "stripe"], "is there already"],
    [["issuers"], "kebab-case"],
  ])("refuses %j", (args, reason) => {
    const made = run("src/scaffold/new-adapter.ts", ...args);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain(reason);
  });

  it.each([
    ["issuers", "my-bank", "myBank"],
    ["orchestrators", "my-platform", "myPlatform"],
  ])(
    "makes one of %s that is registered and passes its family's suite",
    (family, name, identifier) => {
      const made = run("src/scaffold/new-adapter.ts", family, name);
      expect(made.stderr).toBe("");
      expect(made.stdout).toContain(`src/adapters/${family}/${name} is there, and registered.`);
      const registry = readFileSync(join(clone, "src/adapters", family, "registry.ts"), "utf8");
      expect(registry).toContain(`import ${identifier} from "./${name}/index.ts";`);
      expect(run("src/scaffold/write-generated.ts", "--check").status).toBe(0);
      const test = `test/${family}/${name}.test.ts`;
      expect(readFileSync(join(clone, test), "utf8")).not.toMatch(/template/i);
      const suite = run("node_modules/vitest/vitest.mjs", "run", test, "--root", clone);
      expect(suite.stdout + suite.stderr).toMatch(/Tests.*passed/);
      expect(suite.status, suite.stdout).toBe(0);
    },
    180_000,
  );

  it("makes a vendor that is registered", () => {
    expect(run("src/scaffold/new-adapter.ts", "vendors", "my-cloud").status).toBe(0);
    expect(existsSync(join(clone, "test/vendors/my-cloud.test.ts"))).toBe(true);
    const registry = readFileSync(join(clone, "src/adapters/vendors/registry.ts"), "utf8");
    expect(registry).toMatch(/gcp,\s+myCloud,\s+neon/);
  });
});
