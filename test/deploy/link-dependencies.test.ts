import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { linkDependencies } from "../../src/deploy/link-dependencies.ts";

const base = mkdtempSync(join(tmpdir(), "supercargo-link-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const PACKAGE = join(import.meta.dirname, "../..");
const ALL = [
  "supercargo",
  "@pulumi/pulumi",
  "@pulumi/aws",
  "@pulumi/azure",
  "@pulumi/cloudflare",
  "@pulumi/docker",
  "@pulumi/gcp",
  "@pulumiverse/vercel",
];
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(base, "project-"));
  folder = join(root, "stacks", "shop");
  mkdirSync(folder, { recursive: true });
});

describe("linkDependencies", () => {
  it("links into an empty project, once, and marks its programs as modules", () => {
    expect(linkDependencies(root, folder)).toEqual({ linked: ALL, blocked: [] });
    expect(linkDependencies(root, folder)).toEqual({ linked: [], blocked: [] });
    expect(realpathSync(join(root, "node_modules", "supercargo"))).toBe(realpathSync(PACKAGE));
    const manifest = readFileSync(join(root, "stacks", "package.json"), "utf8");
    expect(JSON.parse(manifest)).toMatchObject({ type: "module" });
  });

  it("does nothing inside our own package", () => {
    const own = join(PACKAGE, "stacks", "storefront");
    expect(linkDependencies(PACKAGE, own)).toEqual({ linked: [], blocked: [] });
  });

  it("leaves alone what the user has installed", () => {
    const installed = join(root, "node_modules", "@pulumi", "pulumi");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "package.json"), "{}");
    expect(linkDependencies(root, folder).linked).toEqual([
      "supercargo",
      "@pulumi/aws",
      "@pulumi/azure",
      "@pulumi/cloudflare",
      "@pulumi/docker",
      "@pulumi/gcp",
      "@pulumiverse/vercel",
    ]);
  });

  it("leaves a manifest of ES modules as it is", () => {
    writeFileSync(join(root, "package.json"), '{"type":"module"}');
    linkDependencies(root, folder);
    expect(() => readFileSync(join(root, "stacks", "package.json"))).toThrow("ENOENT");
  });

  it("renews a link that leads nowhere, and reports what stands in the way", () => {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    symlinkSync(join(root, "gone"), join(root, "node_modules", "supercargo"));
    mkdirSync(join(root, "node_modules", "@pulumi", "cloudflare"), { recursive: true });
    expect(linkDependencies(root, folder)).toEqual({
      linked: ALL.filter((name) => name !== "@pulumi/cloudflare"),
      blocked: ["@pulumi/cloudflare"],
    });
    expect(readlinkSync(join(root, "node_modules", "supercargo"))).not.toContain("gone");
  });

  it("reports a copy of our package in which Node would not strip types", () => {
    const copy = join(root, "node_modules", "supercargo");
    mkdirSync(copy, { recursive: true });
    writeFileSync(join(copy, "package.json"), '{"name":"supercargo"}');
    expect(linkDependencies(root, folder).blocked).toEqual(["supercargo"]);
  });
});
