import { existsSync } from "node:fs";
import type { ApplyingEngineId } from "../compiler/vocabulary.ts";
import { opentofuStateFile } from "./opentofu/opentofu-folders.ts";
import { checkpointFile, type StackPlace } from "./stack-place.ts";

const FILES: Readonly<Record<ApplyingEngineId, (place: StackPlace) => string>> = {
  pulumi: checkpointFile,
  opentofu: opentofuStateFile,
};

/** Whether an engine has ever written a state of the stack; it may be empty. */
export function hasState(engine: ApplyingEngineId, place: StackPlace): boolean {
  return existsSync(FILES[engine](place));
}
