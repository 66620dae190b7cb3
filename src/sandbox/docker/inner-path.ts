import { join, posix } from "node:path";

/** Where a path of a container is on this machine: always below `root`, as a file system's own root has nothing above it. */
export function innerPath(root: string, path: string): string {
  return join(root, posix.normalize(`/${path}`));
}
