import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { projectHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Runs work that changes a project's stack while no other process does: a second broker would take the ledger over from the first. A
 * process that died gives its turn up. Throws when the workplace's signal comes while waiting.
 * Work of several such turns takes one of its own around them, by another `lock`.
 */
export async function takeTurn<T>(
  { progress, signal }: Workplace,
  root: string,
  work: () => Promise<T>,
  lock = "turn.lock",
): Promise<T> {
  const { withBuildLock } = await import("../deploy/build-lock.ts");
  const home = projectHome(root);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const onWait = (seconds: number) => {
    signal.throwIfAborted();
    if (seconds === 0) progress.step("waiting for another supercargo process of this project");
    progress.note(`${seconds} s`);
  };
  return withBuildLock(join(home, lock), onWait, work);
}
