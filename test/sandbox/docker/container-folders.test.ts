import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openContainerFolders } from "../../../src/sandbox/docker/container-folders.ts";
import { innerPath } from "../../../src/sandbox/docker/inner-path.ts";

const HOSTILE = ["..", ".", "", "../..", "../sibling", "/x/y", "a/../..", "a/b", "a", "a\0b", "-a"];

/** A base deep below a folder of the test's own, with siblings at each level that nothing may touch. */
function makeBase() {
  const top = mkdtempSync(join(tmpdir(), "folders-"));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const levels = ["one", "two", "three", "four", "five"].map((_, i, all) =>
    join(top, ...all.slice(0, i + 1)),
  );
  for (const level of levels) {
    mkdirSync(join(level, "sibling"), { recursive: true });
    writeFileSync(join(level, "sibling", "file"), "kept");
  }
  const siblings = () => levels.every((level) => existsSync(join(level, "sibling", "file")));
  return { base: join(levels.at(-1) ?? "", "base"), siblings };
}

it("no name leads out of the folders, neither to make nor to remove", () => {
  const { base, siblings } = makeBase();
  const folders = openContainerFolders(base);
  folders.makeVolume("data");
  for (const name of HOSTILE) {
    for (const work of [
      folders.makeVolume,
      folders.volume,
      folders.removeVolume,
      folders.makeContainer,
      folders.container,
      folders.removeContainer,
    ])
      expect(() => work(name), name).toThrow("no name");
  }
  expect(siblings()).toBe(true);
  expect(existsSync(folders.volume("data"))).toBe(true);
});

it("a volume goes alone, and the base only with the last of what is in it", () => {
  const { base, siblings } = makeBase();
  const folders = openContainerFolders(base);
  for (const name of ["data", "programs", "volumes"]) folders.makeVolume(name);
  folders.makeContainer("c1");
  writeFileSync(join(folders.makePrograms(), "program"), "x");
  writeFileSync(join(base, "foreign"), "kept");
  for (const name of ["data", "programs"]) folders.removeVolume(name);
  folders.removeBase();
  expect(existsSync(folders.volume("volumes"))).toBe(true);
  folders.removeVolume("volumes");
  folders.removeContainer("c1");
  folders.removeBase();
  expect(readdirSync(base)).toEqual(["foreign"]);
  rmSync(join(base, "foreign"));
  folders.removeBase();
  expect(existsSync(base)).toBe(false);
  expect(siblings()).toBe(true);
});

it("nothing is above the root of a container", () => {
  expect(innerPath("/a/root", "/../../etc/passwd")).toBe("/a/root/etc/passwd");
  expect(innerPath("/a/root", "app/main.mjs")).toBe("/a/root/app/main.mjs");
});
