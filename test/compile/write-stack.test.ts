import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkStack } from "../../src/compiler/check-stack.ts";
import { type StackFolder, stackFolder } from "../../src/compiler/stack-folder.ts";
import { writeStack } from "../../src/compiler/write-stack.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";

const FILES = { "index.ts": "export {};\n", "build/shop.mjs": "1", "build/docs.1/a/b.txt": "b" };

let root = "";
let stack: StackFolder = stackFolder("", "acme");
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "supercargo-write-"));
  stack = stackFolder(root, "acme");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const bytesOf = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
const inStack = (path: string) => join(root, "stacks/acme", path);

function put(path: string, text: string): void {
  mkdirSync(dirname(inStack(path)), { recursive: true });
  writeFileSync(inStack(path), text);
}

function write(files: Readonly<Record<string, string>> = FILES) {
  const diagnostics: Diagnostic[] = [];
  const sink = { report: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic) };
  const written = writeStack(stack, bytesOf(files), sink);
  return { written, diagnostics };
}

describe("writing a stack", () => {
  test("puts every file in its place and leaves nothing else behind", () => {
    const { written } = write();
    expect(written).toEqual({ written: Object.keys(FILES), removed: [] });
    for (const [path, text] of Object.entries(FILES)) {
      expect(readFileSync(inStack(path), "utf8")).toBe(text);
    }
    expect(readdirSync(inStack("."), { recursive: true }).sort()).toEqual(
      ["build", "build/docs.1", "build/docs.1/a", ...Object.keys(FILES)].sort(),
    );
  });

  test("leaves equal files alone", () => {
    write();
    const past = new Date("2020-01-01");
    utimesSync(inStack("index.ts"), past, past);
    expect(write().written).toEqual({ written: [], removed: [] });
    expect(statSync(inStack("index.ts")).mtime).toEqual(past);
  });

  test("removes what is stale in build/ with the folders that it leaves empty, and nothing else", () => {
    write();
    put("notes.md", "mine");
    put("build/old.mjs", "old");
    const { written } = write({ "index.ts": "1", "build/shop.mjs": "1" });
    expect(written).toEqual({
      written: ["index.ts"],
      removed: ["build/docs.1/a/b.txt", "build/old.mjs"],
    });
    expect(existsSync(inStack("build/docs.1"))).toBe(false);
    expect(existsSync(inStack("notes.md"))).toBe(true);
  });

  test("removes what lies beside an OpenTofu configuration, which OpenTofu would read, but not OpenTofu's own", () => {
    const files = { "opentofu/main.tf.json": "{}" };
    write(files);
    for (const name of ["z_override.tf.json", "more/nested.tf", ".terraform.lock.hcl"])
      put(`opentofu/${name}`, "");
    put("opentofu/.terraform/providers/x", "");
    const strays = ["opentofu/more/nested.tf", "opentofu/z_override.tf.json"];
    expect(checkStack(stack, bytesOf(files))).toEqual(
      strays.map((path) => ({ path, state: "orphan" })),
    );
    expect(write(files).written).toEqual({ written: [], removed: strays });
    expect(checkStack(stack, bytesOf(files))).toEqual([]);
    expect(existsSync(inStack("opentofu/.terraform/providers/x"))).toBe(true);
  });

  test("leaves another engine's program alone", () => {
    put("opentofu/main.tf.json", "{}");
    expect(write().written?.removed).toEqual([]);
    expect(checkStack(stack, bytesOf(FILES))).toEqual([]);
  });

  test("replaces a link by the file, without writing through it", () => {
    put("other.ts", "untouched");
    symlinkSync(inStack("other.ts"), inStack("index.ts"));
    write();
    expect(lstatSync(inStack("index.ts")).isFile()).toBe(true);
    expect(readFileSync(inStack("other.ts"), "utf8")).toBe("untouched");
  });

  test.each([["stacks"], ["stacks/acme"], ["stacks/acme/build"], ["stacks/acme/build/docs.1"]])(
    "writes nothing when %s is a link",
    (link) => {
      const outside = mkdtempSync(join(tmpdir(), "supercargo-outside-"));
      mkdirSync(dirname(join(root, link)), { recursive: true });
      symlinkSync(outside, join(root, link));
      const { written, diagnostics } = write();
      expect(written).toBeUndefined();
      expect(diagnostics).toMatchObject([{ code: "SC8007", file: link }]);
      expect(readdirSync(outside)).toEqual([]);
      rmSync(outside, { recursive: true });
    },
  );

  test("writes nothing when a folder stands where a file belongs", () => {
    mkdirSync(inStack("index.ts"), { recursive: true });
    const { written, diagnostics } = write();
    expect(written).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["SC8007"]);
    expect(existsSync(inStack("build"))).toBe(false);
  });

  test("removes a stale link itself, not what it leads to", () => {
    const outside = mkdtempSync(join(tmpdir(), "supercargo-outside-"));
    writeFileSync(join(outside, "precious"), "");
    mkdirSync(inStack("build"), { recursive: true });
    symlinkSync(outside, inStack("build/old"));
    expect(write().written?.removed).toEqual(["build/old"]);
    expect(readdirSync(outside)).toEqual(["precious"]);
    rmSync(outside, { recursive: true });
  });

  test.each([["../x"], ["/etc/x"], ["a//b"], ["a/./b"], ["a/../../b"], ["a\\b"], ["a\0b"], [""]])(
    "a path that leaves the folder is a bug: %j",
    (path) => {
      expect(() => write({ [path]: "" })).toThrow("not a path inside the stack");
    },
  );
});

describe("checking a stack", () => {
  const check = (options?: { requireBuilt: boolean }) => checkStack(stack, bytesOf(FILES), options);

  test("finds nothing after writing", () => {
    write();
    expect(check()).toEqual([]);
  });

  test("lists missing, different and orphan files", () => {
    write();
    rmSync(inStack("build/shop.mjs"));
    put("index.ts", "edited");
    put("build/old.mjs", "");
    put("notes.md", "mine");
    expect(check()).toEqual([
      { path: "build/old.mjs", state: "orphan" },
      { path: "build/shop.mjs", state: "missing" },
      { path: "index.ts", state: "different" },
    ]);
  });

  test("does not take a link for the file", () => {
    write();
    rmSync(inStack("index.ts"));
    put("copy.ts", FILES["index.ts"]);
    symlinkSync("copy.ts", inStack("index.ts"));
    expect(check()).toEqual([{ path: "index.ts", state: "different" }]);
  });

  test("can do without build/, but not with half of it", () => {
    write();
    rmSync(inStack("build/shop.mjs"));
    expect(check({ requireBuilt: false })).toHaveLength(1);
    rmSync(inStack("build"), { recursive: true });
    expect(check({ requireBuilt: false })).toEqual([]);
    expect(check()).toHaveLength(2);
  });

  test("says that nothing is there", () => {
    expect(check().map(({ state }) => state)).toEqual(["missing", "missing", "missing"]);
  });
});
