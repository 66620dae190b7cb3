import { chmodSync, chownSync, lstatSync, mkdirSync, type Stats } from "node:fs";
import type { Identity } from "./programs/server-identity.ts";

const OTHERS = 0o077;
const GROUP_MAY_PASS = 0o010;

export interface FolderUsers {
  /** Who owns it; default this user. */
  readonly owner?: Identity | undefined;
  /** Whose group may pass through to what it has below, and do nothing else; default nobody's. */
  readonly passing?: Identity | undefined;
}

/**
 * Makes a folder of its owner's alone (0700; 0710 where others pass), or makes sure that the one which is there is that. Throws, with what to do, for a link
 * and for what is somebody else's or open to others: they could read or replace what comes into it.
 */
export function makePrivateFolder(folder: string, { owner, passing }: FolderUsers = {}): string {
  if (create(folder)) {
    if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
    if (passing !== undefined) chownSync(folder, process.getuid?.() ?? 0, passing.gid);
    chmodSync(folder, 0o700 | (passing === undefined ? 0 : GROUP_MAY_PASS));
  }
  hasPrivateFolder(folder, { owner, passing });
  return folder;
}

/** Whether there is such a folder; makes nothing. Throws as {@link makePrivateFolder} does. */
export function hasPrivateFolder(folder: string, { owner, passing }: FolderUsers = {}): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const fault = findFault(found, owner?.uid ?? process.getuid?.(), passing);
  if (fault === undefined) return true;
  throw new Error(`the folder ${folder} is not safe to use: ${fault}; look at it and remove it`);
}

/** False when there is something already. */
function create(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function findFault(
  found: Stats,
  owner: number | undefined,
  passing: Identity | undefined,
): string | undefined {
  if (!found.isDirectory()) return "it is a link or a file";
  // Windows knows neither owners nor modes like these.
  if (owner === undefined) return undefined;
  if (found.uid !== owner) return "it is somebody else's";
  const allowed = found.gid === passing?.gid ? GROUP_MAY_PASS : 0;
  return (found.mode & OTHERS & ~allowed) === 0 ? undefined : "others may enter it";
}
