import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { SERVER_IDENTITY } from "./server-identity.ts";

/** The Node that runs the sandbox; a copy below the folder that `makeFolder` makes where the servers' user cannot reach it. */
export function findNode(makeFolder: () => string): string {
  if (SERVER_IDENTITY === undefined) return process.execPath;
  const canRun = spawnSync(process.execPath, ["--version"], { ...SERVER_IDENTITY, cwd: "/" });
  if (canRun.status === 0) return process.execPath;
  const copy = join(makeFolder(), `node-${process.versions.node}`);
  if (!existsSync(copy)) {
    copyFileSync(process.execPath, copy);
    chmodSync(copy, 0o755);
  }
  return copy;
}
