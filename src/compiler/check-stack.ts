import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_FOLDER, hasBuilt, kindOf, listStrays, type StackFolder } from "./stack-folder.ts";

/** A file that is not as the compiler would write it. */
export interface Drift {
  /** Relative to the stack's folder. */
  readonly path: string;
  /** `orphan`: in `build/` or beside an OpenTofu configuration, but not generated. */
  readonly state: "missing" | "different" | "orphan";
}

export interface CheckOptions {
  /** Whether a missing `build/` is drift. Default true; it is not in a fresh clone, where the program names its digests. */
  readonly requireBuilt?: boolean | undefined;
}

/** Compares a stack's folder with what the compiler would write. Empty when they agree; sorted by path. Writes nothing. */
export function checkStack(
  stack: StackFolder,
  files: ReadonlyMap<string, Uint8Array>,
  { requireBuilt = true }: CheckOptions = {},
): readonly Drift[] {
  const skipsBuilt = !requireBuilt && !hasBuilt(stack);
  const drifts: Drift[] = listStrays(stack, files).map((path) => ({ path, state: "orphan" }));
  for (const [path, bytes] of files) {
    if (skipsBuilt && path.startsWith(`${BUILD_FOLDER}/`)) continue;
    const state = compare(join(stack.root, stack.folder, path), bytes);
    if (state !== undefined) drifts.push({ path, state });
  }
  return drifts.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compare(path: string, bytes: Uint8Array): Drift["state"] | undefined {
  const kind = kindOf(path);
  if (kind === "nothing") return "missing";
  // A link is never what was written, even if it leads to the same bytes.
  return kind === "file" && readFileSync(path).equals(bytes) ? undefined : "different";
}
