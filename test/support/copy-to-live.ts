import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";

/** Makes the books of a project's sandbox those of its live stacks, too, as no run of this version could. The sandbox must be closed to them. */
export function copyToLive(root: string, aside: string): void {
  const home = join(root, ".supercargo");
  const draft = join(aside, "live");
  cpSync(home, draft, { recursive: true, filter: (path) => path !== join(home, "sandbox") });
  renameSync(draft, join(home, "live"));
}
