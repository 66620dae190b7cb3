import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BUNDLED_COMMANDS, findBundle } from "../src/startup/find-bundle.mjs";

const ROOT = join(import.meta.dirname, "..");

const isMissing = (): boolean =>
  BUNDLED_COMMANDS.some((command) => findBundle(ROOT, command) === undefined);

/** Makes the bundles that a clone's second command finds, so that none is being made while something is measured. Throws when they can't be had. */
export function ensureBundle(): void {
  // A source that was written a moment ago is not bundled yet.
  for (let attempt = 0; attempt < 5; attempt++) {
    if (!isMissing()) return;
    spawnSync(process.execPath, [join(ROOT, "src/startup/build-bundle.mjs")], { stdio: "ignore" });
    if (isMissing()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  }
  throw new Error("the bench needs a bundle: see src/startup/README.md");
}
