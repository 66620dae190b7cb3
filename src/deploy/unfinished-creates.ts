import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackPlace } from "./stack-place.ts";

/** Variable that tells Pulumi's stand-in plugin, as a JSON list of URNs, which creations may have happened before. */
export const UNFINISHED = "SUPERCARGO_UNFINISHED";

/**
 * URNs whose creation was begun by a run that died, so that nobody knows whether the thing exists. Remembered by us,
 * because the engine forgets them once its own notes are cleared.
 */
export function listUnfinished(place: StackPlace): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path(place), "utf8"));
    return Array.isArray(value) ? value.filter((urn) => typeof urn === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers more of them. */
export function addUnfinished(place: StackPlace, urns: readonly string[]): void {
  write(place, [...new Set([...listUnfinished(place), ...urns])]);
}

/** Forgets those that are known to exist now, or to be gone. */
export function settleUnfinished(place: StackPlace, urns: readonly string[]): void {
  const left = listUnfinished(place);
  if (left.length > 0)
    write(
      place,
      left.filter((urn) => !urns.includes(urn)),
    );
}

function write(place: StackPlace, urns: readonly string[]): void {
  const target = path(place);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(urns), { mode: 0o600 });
  renameSync(draft, target);
}

function path(place: StackPlace): string {
  return join(place.root, ".supercargo", "unfinished", `${place.project}.${place.stack}.json`);
}
