import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";

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

/** The part of a stack's folder that is ours alone: what is in it and not generated is stale. */
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

/** Paths of everything but folders in `build/`, relative to the stack's folder and sorted. Links are listed, not followed. */
export function listBuilt({ root, folder }: StackFolder): readonly string[] {
  const found: string[] = [];
  const open = [BUILD_FOLDER];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const path = join(root, folder, below);
    if (kindOf(path) !== "folder") continue;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      (entry.isDirectory() ? open : found).push(`${below}/${entry.name}`);
    }
  }
  return found.sort();
}
