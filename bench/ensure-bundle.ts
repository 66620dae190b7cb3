import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findBundle } from "../src/startup/find-bundle.mjs";

const ROOT = join(import.meta.dirname, "..");

/** Makes the bundle that a clone's second compile finds, so that none is being made while something is measured. Throws when it can't be had. */
export function ensureBundle(): void {
  // A source that was written a moment ago is not bundled yet.
  for (let attempt = 0; attempt < 5; attempt++) {
    if (findBundle(ROOT) !== undefined) return;
    spawnSync(process.execPath, [join(ROOT, "src/startup/build-bundle.mjs")], { stdio: "ignore" });
    if (findBundle(ROOT) === undefined)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  }
  throw new Error("the bench needs a bundle: see src/startup/README.md");
}
