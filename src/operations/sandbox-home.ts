import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MANIFEST_FILE } from "./find-project.ts";

/** The project's own folder for state, keys and logs. */
export function projectHome(root: string): string {
  return join(root, ".supercargo");
}

/** Where ledger, keys and log lie. Play money and real money have books of their own: what the sandbox spends uses up no live cap. */
export function ledgerHome(root: string, { live }: { readonly live: boolean }): string {
  return live ? join(projectHome(root), "live") : projectHome(root);
}

/** Where a project's sandbox keeps its state. */
export function sandboxHome(root: string): string {
  return join(projectHome(root), "sandbox");
}

/** The nearest folder with a manifest, from `cwd` up; `cwd` itself when there is none. */
export function findRoot(cwd: string): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, MANIFEST_FILE))) return folder;
    if (dirname(folder) === folder) return resolve(cwd);
  }
}
