import { lstatSync, readdirSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { CROSSPLANE_FILES } from "./4-emit/crossplane/crossplane-files.ts";
import { OPENTOFU_FILE } from "./4-emit/opentofu/opentofu-file.ts";

/** Where a stack's files are. */
export interface StackFolder {
  /** Absolute path of the project; whatever its own path is, it is taken as it is. */
  readonly root: string;
  /** The stack's folder below it, `/`-separated: `stacks/storefront`. */
  readonly folder: string;
}

/** The folder of a manifest's stack in its project. */
export function stackFolder(root: string, manifestName: string): StackFolder {
  return { root, folder: `stacks/${manifestName}` };
}

/** A part of a stack's folder that is ours alone: what is in it and not generated is stale. */
export const BUILD_FOLDER = "build";

/** What is at a path, links not followed. */
export function kindOf(path: string): "file" | "folder" | "other" | "nothing" {
  const stats = findStats(path);
  if (stats === undefined) return "nothing";
  if (stats.isFile()) return "file";
  return stats.isDirectory() ? "folder" : "other";
}

function findStats(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** What OpenTofu writes beside the configuration when a person runs it there. */
const OPENTOFU_OWN = /^\.terraform/;

/**
 * Paths of everything but folders that lies in a part of the stack's folder that is ours alone and is not among the generated files; relative
 * to the stack's folder and sorted. Links are listed, not followed. The folder of an OpenTofu configuration is such a part, because OpenTofu
 * reads every file in it, and so is that of Crossplane's files, which `kubectl apply -f` takes as a whole.
 */
export function listStrays(
  stack: StackFolder,
  files: ReadonlyMap<string, unknown>,
): readonly string[] {
  const printed = [OPENTOFU_FILE, CROSSPLANE_FILES.stack].filter((path) => files.has(path));
  const found = [BUILD_FOLDER, ...printed.map(dirname)].flatMap((part) => listBelow(stack, part));
  return found.filter((path) => !files.has(path)).sort();
}

/** Whether anything is in `build/`. */
export function hasBuilt(stack: StackFolder): boolean {
  return listBelow(stack, BUILD_FOLDER).length > 0;
}

function listBelow({ root, folder }: StackFolder, part: string): readonly string[] {
  const found: string[] = [];
  const open = [part];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const path = join(root, folder, below);
    if (kindOf(path) !== "folder") continue;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (below === dirname(OPENTOFU_FILE) && OPENTOFU_OWN.test(entry.name)) continue;
      (entry.isDirectory() ? open : found).push(`${below}/${entry.name}`);
    }
  }
  return found;
}
