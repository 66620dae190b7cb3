import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../util/sha256.ts";

/** Bytes by their own hash: code and static files, which never change under a name. */
export interface BlobStore {
  /** Hexadecimal SHA-256, the name of the bytes. */
  put(bytes: Uint8Array): string;
  /** Absolute path of the file. */
  path(hash: string): string;
}

/** Keeps blobs in a folder, two levels deep; a file is complete as soon as it has its name. */
export function openBlobStore(folder: string): BlobStore {
  const path = (hash: string) => join(folder, hash.slice(0, 2), hash);
  return {
    path,
    put(bytes) {
      const hash = sha256(bytes);
      if (existsSync(path(hash))) return hash;
      mkdirSync(join(folder, hash.slice(0, 2)), { recursive: true, mode: 0o700 });
      const draft = `${path(hash)}.${process.pid}`;
      writeFileSync(draft, bytes, { mode: 0o600 });
      renameSync(draft, path(hash));
      return hash;
    },
  };
}
