import { sha256 } from "./sha256.ts";

/** Hexadecimal SHA-256 of a folder: of its files' paths and contents, in their order. */
export function digestFiles(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): string {
  return sha256(JSON.stringify(files.map(({ path, bytes }) => [path, sha256(bytes)])));
}
