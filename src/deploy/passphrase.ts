import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Machine } from "./engine.ts";
import { passphraseFile } from "./machine-folders.ts";

/**
 * The path of this machine's passphrase file (mode 0600), made at first use with 32 random bytes. Two processes that
 * make it at once agree on one.
 */
export function ensurePassphraseFile(machine: Machine): string {
  const path = passphraseFile(machine);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) {
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o600);
    return path;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return path;
}
