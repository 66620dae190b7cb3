import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineStep } from "../engine-step.ts";
import type { EngineRun } from "../run-engine.ts";
import type { Unfinished } from "../stand-in-plugin/opentofu/unfinished.ts";
import { configurationFolder } from "./opentofu-folders.ts";

/** Variable that names the file with a JSON list of {@link Unfinished}, for the stand-in. */
export const UNFINISHED_FILE = "SUPERCARGO_UNFINISHED_FILE";

/** What a plan shows in place of a value. */
const HIDDEN = /"\[(?:secret|unknown)\]"/;

/** Writes for the stand-in which of a plan's creations may have happened before, and returns the file. No secret is in it. */
export function writeUnfinished(run: EngineRun, creates: readonly EngineStep[]): string {
  const list = creates.map(({ type, after = {} }): Unfinished => {
    const known = Object.entries(after).filter(([, value]) => !HIDDEN.test(JSON.stringify(value)));
    return { type, known: Object.fromEntries(known) };
  });
  const file = join(configurationFolder(run), ".terraform", "unfinished.json");
  writeFileSync(file, JSON.stringify(list), { mode: 0o600 });
  return file;
}
