import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openContainerFolders } from "../../../src/sandbox/docker/container-folders.ts";
import { makePrivateFolder } from "../../../src/sandbox/docker/private-folder.ts";

const isRoot = process.getuid?.() === 0;
const OTHER = { uid: 12_345, gid: 12_346 };
let folder = "";
beforeEach(() => {
  const top = mkdtempSync(join(tmpdir(), "private-"));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  folder = join(top, "folder");
});
const modeOf = (path: string) => lstatSync(path).mode & 0o777;

describe("a folder for what only its owner may see", () => {
  it("is made for this user alone, and is taken again", () => {
    makePrivateFolder(folder);
    expect(modeOf(folder)).toBe(0o700);
    expect(makePrivateFolder(folder)).toBe(folder);
  });

  it.each([0o711, 0o755, 0o710, 0o770, 0o702])("is refused with mode %o", (mode) => {
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(() => makePrivateFolder(folder)).toThrow(
      /others may enter it; look at it and remove it/,
    );
    expect(modeOf(folder)).toBe(mode);
  });

  it("is refused when it is a link or a file", () => {
    mkdirSync(`${folder}-target`, { mode: 0o700 });
    symlinkSync(`${folder}-target`, folder);
    expect(() => makePrivateFolder(folder)).toThrow("it is a link or a file");
    rmSync(folder);
    writeFileSync(folder, "");
    expect(() => makePrivateFolder(folder)).toThrow("it is a link or a file");
  });

  it.runIf(isRoot)("is refused when somebody else owns it", () => {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, OTHER.uid, OTHER.gid);
    expect(() => makePrivateFolder(folder)).toThrow("it is somebody else's");
    expect(() => makePrivateFolder(folder, { passing: OTHER })).toThrow("it is somebody else's");
    expect(makePrivateFolder(folder, { owner: OTHER })).toBe(folder);
  });

  it.runIf(isRoot)("lets one group pass and nobody look", () => {
    makePrivateFolder(folder, { passing: OTHER });
    expect(lstatSync(folder)).toMatchObject({ uid: 0, gid: OTHER.gid });
    expect(modeOf(folder)).toBe(0o710);
    expect(makePrivateFolder(folder, { passing: OTHER })).toBe(folder);
    chownSync(folder, 0, 0);
    expect(() => makePrivateFolder(folder, { passing: OTHER })).toThrow("others may enter it");
  });
});

it("nothing comes into a folder of the host's that somebody else prepared", () => {
  mkdirSync(`${folder}-theirs`, { mode: 0o777 });
  symlinkSync(`${folder}-theirs`, folder);
  const folders = openContainerFolders(folder);
  expect(() => folders.makeVolume("data")).toThrow("not safe to use");
  expect(() => folders.makeContainer("c1")).toThrow("not safe to use");
  // Nor is anything removed behind it.
  const behind = join(`${folder}-theirs`, "volumes", "data");
  mkdirSync(behind, { recursive: true });
  expect(() => folders.removeVolume("data")).toThrow("not safe to use");
  expect(() => folders.removeBase()).toThrow("not safe to use");
  expect(lstatSync(behind).isDirectory()).toBe(true);
  rmSync(folder);
  expect(modeOf(folders.makeVolume("data"))).toBe(0o700);
  expect(modeOf(folder)).toBe(0o700);
});
