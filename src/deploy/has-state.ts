import { existsSync } from "node:fs";
import type { EngineId } from "../compiler/vocabulary.ts";
import { opentofuStateFile } from "./opentofu/opentofu-folders.ts";
import { checkpointFile, type StackPlace } from "./stack-place.ts";

const FILES: Readonly<Record<EngineId, (place: StackPlace) => string>> = {
  pulumi: checkpointFile,
  opentofu: opentofuStateFile,
};

/** Whether an engine has ever written a state of the stack; it may be empty. */
export function hasState(engine: EngineId, place: StackPlace): boolean {
  return existsSync(FILES[engine](place));
}
