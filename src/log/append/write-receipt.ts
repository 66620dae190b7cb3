import { createProofBuilder } from "./build-proof.ts";
import { openTileFiles } from "./tile-files.ts";

/**
 * Writes a receipt, a `.tlog-proof` file of https://c2sp.org/tlog-proof: the checkpoint as it stands in the folder, with the entry as its `extra` data. Throws
 * `MissingTileError` when the log's tiles are not whole.
 */
export function writeReceipt(input: {
  /** The log's folder. */
  readonly folder: string;
  readonly checkpoint: string;
  /** Of the checkpoint's tree. */
  readonly size: number;
  readonly index: number;
  /** The entry's text as it stands in the log. */
  readonly entry: string;
}): string {
  const { folder, checkpoint, size, index, entry } = input;
  const proof = createProofBuilder(openTileFiles(folder), size).inclusion(index);
  return [
    "c2sp.org/tlog-proof@v1",
    `extra ${Buffer.from(entry, "utf8").toString("base64")}`,
    `index ${index}`,
    ...proof.map((hash) => Buffer.from(hash).toString("base64")),
    "",
    checkpoint,
  ].join("\n");
}
