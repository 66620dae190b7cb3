import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Installs the peers below `bench/` when they are missing: they are no part of the product. Throws when npm fails. */
export function installPeers(): void {
  const folder = import.meta.dirname;
  if (existsSync(join(folder, "node_modules/cdktn/package.json"))) return;
  console.error("bench: installing the peers of bench/package.json with npm ci (once)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error("npm ci failed in bench/");
}
