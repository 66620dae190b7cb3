import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../util/process-identity.ts";

/** The living process that holds a lock folder of `withBuildLock`; undefined when there is none. */
export function findLockHolder(folder: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")) as {
      pid?: unknown;
    };
    return typeof pid === "number" && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
