import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withPrivateFolder } from "../../src/deploy/private-folder.ts";
import type { StackPlace } from "../../src/deploy/stack-place.ts";
import { writeProgram } from "../../src/deploy/write-program.ts";

const PACKAGE = realpathSync(join(import.meta.dirname, "../.."));
/** More than Linux ever gives to a process. */
const NOBODY = 4_194_305;

let root: string;
let place: StackPlace;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "supercargo-program-")));
  place = { root, folder: join(root, "stacks", "shop"), project: "shop", stack: "local" };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const files = new Map([
  ["index.ts", new TextEncoder().encode("export {};\n")],
  ["build/shop.mjs", new TextEncoder().encode("1")],
]);

describe("writeProgram", () => {
  it("lays out the generated files, our packages and what engines keep, and nothing of the project's folders", async () => {
    mkdirSync(join(place.folder, "node_modules", "@pulumi", "pulumi"), { recursive: true });
    writeFileSync(join(place.folder, "planted.ts"), "");
    await withPrivateFolder(root, async (base) => {
      const stack = writeProgram(base, place, files);
      expect(stack).toBe(join(base, "stacks", "shop"));
      expect(readdirSync(join(base, "stacks"), { recursive: true }).sort()).toEqual(
        ["shop", "shop/build", "shop/build/shop.mjs", "shop/index.ts"].sort(),
      );
      expect(readFileSync(join(stack, "index.ts"), "utf8")).toBe("export {};\n");
      expect(realpathSync(join(base, "node_modules", "supercargo"))).toBe(PACKAGE);
      expect(realpathSync(join(base, "node_modules", "@pulumi", "pulumi"))).toBe(
        realpathSync(join(PACKAGE, "node_modules", "@pulumi", "pulumi")),
      );
      const state = join(stack, "../../.supercargo/pulumi");
      expect(realpathSync(state)).toBe(join(root, ".supercargo", "pulumi"));
    });
  });

  it("finds the project's state where `.supercargo` is a link to a safer place", async () => {
    const safe = join(root, "elsewhere", "deep", "safe");
    mkdirSync(safe, { recursive: true });
    symlinkSync(safe, join(root, ".supercargo"));
    await withPrivateFolder(root, async (base) => {
      const stack = writeProgram(base, place, files);
      expect(realpathSync(join(stack, "../../.supercargo/opentofu"))).toBe(join(safe, "opentofu"));
    });
  });

  it("writes over nothing", async () => {
    await withPrivateFolder(root, async (base) => {
      writeProgram(base, place, files);
      expect(() => writeProgram(base, place, files)).toThrow("EEXIST");
    });
  });
});

describe("withPrivateFolder", () => {
  it("removes the folder, whatever becomes of the work", async () => {
    let used = "";
    const work = async (base: string) => {
      used = base;
      throw new Error("failed");
    };
    await expect(withPrivateFolder(root, work)).rejects.toThrow("failed");
    expect(used).not.toBe("");
    expect(existsSync(used)).toBe(false);
  });

  it("removes what dead processes left, and not what living ones use", async () => {
    const dead = join(root, ".supercargo", "programs", `${NOBODY}-abcdef`);
    mkdirSync(dead, { recursive: true });
    await withPrivateFolder(root, async (outer) => {
      expect(existsSync(dead)).toBe(false);
      await withPrivateFolder(root, async (inner) => expect(inner).not.toBe(outer));
      expect(existsSync(outer)).toBe(true);
    });
  });
});
