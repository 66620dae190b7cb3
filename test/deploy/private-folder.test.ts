import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withPrivateFolder } from "../../src/deploy/private-folder.ts";

/** Larger than any process's number. */
const NOBODY = 2 ** 30;

let base: string;
let root: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "supercargo-private-"));
  root = join(base, "a", "b", "project");
  mkdirSync(join(root, ".supercargo"), { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it("is empty, a person's own alone, and gone afterwards", async () => {
  const seen = await withPrivateFolder(root, async (folder) => {
    expect(readdirSync(folder)).toEqual([]);
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    return folder;
  });
  expect(existsSync(seen)).toBe(false);
});

it("removes what a dead process left, and nothing that isn't named so", async () => {
  const programs = join(root, ".supercargo", "programs");
  for (const name of [`${NOBODY}-abcdef`, `${process.pid}-abcdef`, "notes", "12-", "x-abcdef"])
    mkdirSync(join(programs, name), { recursive: true });
  await withPrivateFolder(root, async () => undefined);
  expect(readdirSync(programs).toSorted()).toEqual(
    [`${process.pid}-abcdef`, "notes", "12-", "x-abcdef"].toSorted(),
  );
});

it("does not follow a link that was planted in its place", async () => {
  const victim = join(base, "a", "victim");
  mkdirSync(join(victim, `${NOBODY}-abcdef`), { recursive: true });
  writeFileSync(join(victim, "letter.txt"), "dear");
  symlinkSync(victim, join(root, ".supercargo", "programs"));
  await withPrivateFolder(root, async (folder) => {
    expect(folder.startsWith(join(root, ".supercargo", "programs"))).toBe(true);
  });
  expect(readdirSync(victim).toSorted()).toEqual([`${NOBODY}-abcdef`, "letter.txt"]);
});
