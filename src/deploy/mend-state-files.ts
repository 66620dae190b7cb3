import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkpointFile, lockFolder, type StackPlace, stateFolder } from "./stack-place.ts";

/**
 * Removes what a killed engine leaves half-written beside the state, which itself is replaced atomically: side files
 * (`*.attrs`, gocloud.dev `blob/fileblob`) that are no JSON, for which the engine would call the whole state unreadable,
 * and drafts of the stack's state. Nothing of value is in either.
 */
export function mendStateFiles(place: StackPlace): void {
  for (const folder of [stateFolder(place), dirname(checkpointFile(place)), lockFolder(place)]) {
    for (const name of list(folder)) {
      const path = join(folder, name);
      if (name.endsWith(".attrs") && !isJson(path)) rmSync(path, { force: true });
      if (name.startsWith(`${place.stack}.json.`) && name.endsWith(".tmp")) {
        rmSync(path, { force: true });
      }
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

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}
