import { countAt, TILE_WIDTH } from "./growing-tree.ts";
import { hashComplete, hashNode } from "./hash-tree.ts";
import { partialWidth, type TileFiles } from "./tile-files.ts";

/** A tile that a proof needs is missing or short. */
export class MissingTileError extends Error {
  override readonly name = "MissingTileError";
}

/** Proofs about one tree, from its tiles. Each reads a number of tiles that grows with the logarithm of the size. */
export interface ProofBuilder {
  /** RFC 6962 section 2.1.1: from the leaf's sibling up to the root's child. */
  inclusion(index: number): readonly Uint8Array[];
  /** RFC 6962 section 2.1.2: from the tree of `oldSize` to this one. Empty from nothing and from the same size. */
  consistency(oldSize: number): readonly Uint8Array[];
}

/** Builds proofs for the tree of `size`. Throws {@link MissingTileError}. */
export function createProofBuilder(files: TileFiles, size: number): ProofBuilder {
  const tiles = new Map<string, readonly Uint8Array[]>();
  const readTile = (level: number, index: number): readonly Uint8Array[] => {
    const name = `${level}/${index}`;
    const isPartial = index === countAt(size, level + 1);
    const found =
      tiles.get(name) ??
      files.readTile(level, index, isPartial ? partialWidth(size, level) : TILE_WIDTH);
    if (found === undefined) throw new MissingTileError(`tile ${name} is missing`);
    tiles.set(name, found);
    return found;
  };

  /** Head of the entries from `start` to `end`, a subtree that the tree has. */
  const hashRange = (start: number, end: number): Uint8Array => {
    const width = end - start;
    const split = splitOf(width);
    if (split * 2 !== width && width > 1)
      return hashNode(hashRange(start, start + split), hashRange(start + split, end));
    let level = 0;
    while (TILE_WIDTH ** (level + 1) <= width) level += 1;
    const unit = TILE_WIDTH ** level;
    const first = start / unit;
    const offset = first % TILE_WIDTH;
    const tile = readTile(level, Math.floor(first / TILE_WIDTH));
    return hashComplete(tile.slice(offset, offset + width / unit));
  };

  const include = (index: number, start: number, end: number): readonly Uint8Array[] => {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...include(index, start, middle), hashRange(middle, end)]
      : [...include(index, middle, end), hashRange(start, middle)];
  };

  const connect = (
    old: number,
    start: number,
    end: number,
    isKnown: boolean,
  ): readonly Uint8Array[] => {
    if (old === end) return isKnown ? [] : [hashRange(start, end)];
    const middle = start + splitOf(end - start);
    return old <= middle
      ? [...connect(old, start, middle, isKnown), hashRange(middle, end)]
      : [...connect(old, middle, end, false), hashRange(start, middle)];
  };

  return {
    inclusion: (index) => include(index, 0, size),
    consistency: (oldSize) =>
      oldSize === 0 || oldSize === size ? [] : connect(oldSize, 0, size, true),
  };
}

/** The largest power of two below a width of two or more. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}
