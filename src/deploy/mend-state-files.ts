import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkpointFile, lockFolder, type StackPlace, stateFolder } from "./stack-place.ts";

/** Writing a state takes less, milliseconds. */
const DRAFT_MS = 10_000;

/**
 * Removes what a killed engine leaves half-written beside the state, which itself is replaced atomically: side files
 * (`*.attrs`, gocloud.dev `blob/fileblob`) that are no JSON, for which the engine would call the whole state unreadable,
 * and drafts of the state and of locks. Nothing of value is in any of them.
 */
export function mendStateFiles(place: StackPlace): void {
  for (const folder of [stateFolder(place), dirname(checkpointFile(place)), lockFolder(place)]) {
    for (const name of list(folder)) {
      const path = join(folder, name);
      if (name.endsWith(".attrs") && !isJson(path)) rmSync(path, { force: true });
      const isOurs = folder === lockFolder(place) || name.startsWith(`${place.stack}.json.`);
      if (isOurs && name.endsWith(".tmp") && isOld(path)) rmSync(path, { force: true });
    }
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A draft of a process that is writing right now is younger. */
function isOld(path: string): boolean {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && Date.now() - written > DRAFT_MS;
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}
