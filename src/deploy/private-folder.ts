import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { endOrphans } from "./end-orphans.ts";
import { isAlive } from "./process-identity.ts";

/**
 * Runs work with a fresh, empty folder below `.supercargo/programs` and removes it afterwards. What a killed process left there goes first,
 * once no engine works in it any more.
 */
export async function withPrivateFolder<T>(
  root: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const base = join(root, ".supercargo", "programs");
  mkdirSync(base, { recursive: true, mode: 0o700 });
  const dead = readdirSync(base).filter((name) => !isAlive(Number.parseInt(name, 10)));
  if (dead.length > 0) await endOrphans({ root });
  for (const name of dead) rmSync(join(base, name), { recursive: true, force: true });
  const folder = mkdtempSync(join(base, `${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
