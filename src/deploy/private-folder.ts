import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../util/process-identity.ts";
import { endOrphans } from "./end-orphans.ts";

/** What {@link withPrivateFolder} names its folders: the process, and what `mkdtemp` adds. */
const OURS = /^[1-9]\d*-[A-Za-z0-9]{6}$/;

/**
 * Runs work with a fresh, empty folder below `.supercargo/programs` and removes it afterwards. What a killed process left there goes first,
 * once no engine works in it any more. Nothing else is ever removed: a link in the place of `programs`, which whoever writes into the project can put there,
 * goes without what it leads to.
 */
export async function withPrivateFolder<T>(
  root: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const base = join(root, ".supercargo", "programs");
  if (lstatSync(base, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(base);
  mkdirSync(base, { recursive: true, mode: 0o700 });
  const ours = readdirSync(base).filter((name) => OURS.test(name));
  const dead = ours.filter((name) => !isAlive(Number.parseInt(name, 10)));
  if (dead.length > 0) await endOrphans({ root });
  for (const name of dead) rmSync(join(base, name), { recursive: true, force: true });
  const folder = mkdtempSync(join(base, `${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
