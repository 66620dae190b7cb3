import { createHash, hash } from "node:crypto";

/** RFC 6962 section 2.1: SHA-256 of a zero byte and the entry. */
export function hashLeaf(entry: string): Buffer {
  return hash("sha256", `\0${entry}`, "buffer");
}

/** RFC 6962 section 2.1: SHA-256 of a one byte and both children. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash("sha256").update(Buffer.of(1)).update(left).update(right).digest();
}

/** Head of a complete subtree: the number of hashes is a power of two. */
export function hashComplete(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at + 1 < row.length; at += 2)
      above.push(hashNode(row[at] as Uint8Array, row[at + 1] as Uint8Array));
    row = above;
  }
  return row[0] ?? createHash("sha256").digest();
}
