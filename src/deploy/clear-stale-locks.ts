import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive, startedAt } from "../util/process-identity.ts";
import { lockFolder, type StackPlace } from "./stack-place.ts";

/** Clocks and start times are compared with this much slack, milliseconds. */
const SLACK_MS = 2_000;

/**
 * Removes the stack's lock files whose process on this host is dead; Pulumi's file backend has no expiry of its own
 * (pulumi `pkg/backend/diy/lock.go`). A lock of a living process, of another host or of an unknown form stays, so that
 * the engine refuses. Returns how many were removed.
 */
export function clearStaleLocks(place: StackPlace): number {
  const stale = listLocks(place).filter(isStale);
  for (const path of stale) {
    rmSync(path, { force: true });
    rmSync(`${path}.attrs`, { force: true });
  }
  return stale.length;
}

/** True while somebody holds the stack, as far as its lock files tell. */
export function isLocked(place: StackPlace): boolean {
  return listLocks(place).length > 0;
}

function listLocks(place: StackPlace): readonly string[] {
  const folder = lockFolder(place);
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function isStale(path: string): boolean {
  try {
    const lock = JSON.parse(readFileSync(path, "utf8")) as Partial<Record<string, unknown>>;
    if (lock.hostname !== hostname() || typeof lock.pid !== "number") return false;
    if (!isAlive(lock.pid)) return true;
    const start = startedAt(lock.pid);
    const taken = Date.parse(String(lock.timestamp));
    return start !== undefined && !Number.isNaN(taken) && start > taken + SLACK_MS;
  } catch {
    return false;
  }
}
