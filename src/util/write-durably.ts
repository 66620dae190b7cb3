import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Puts a file (mode 0600) at `path` below a folder, on disk when it returns; folders between are made, mode 0700. A crash leaves what was there before: the bytes are
 * written directly in `folder` and take their place whole. Throws what the file system throws.
 */
export function writeDurably(folder: string, path: string, bytes: Uint8Array | string): void {
  const place = join(folder, path);
  const draft = join(folder, `unfinished.${process.pid}`);
  mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
  const file = openSync(draft, "w", 0o600);
  try {
    // Unlike writeSync it goes on after a short write.
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, place);
  syncFolder(dirname(place));
}

/** A rename is durable once its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
