import { hashComplete, hashNode } from "./hash-tree.ts";

/** Hashes in a full tile (https://c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256;

/** One tile as it is to be written: `index` within its level; full when it holds 256 hashes. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
}

/**
 * A Merkle tree that only grows. It keeps the tiles of its right edge, at most 255 hashes a level, so an append costs a constant number of hashes on average
 * and nothing that was written is read again.
 */
export interface GrowingTree {
  readonly size: number;
  append(leaf: Uint8Array): void;
  root(): Uint8Array;
  /** Tiles that changed since the last call: those that became full, then each level's partial one. */
  takeChanged(): readonly Tile[];
}

/** Goes on from a tree of `size` whose right edge, level by level, is given; from nothing by default. */
export function createGrowingTree(
  initial: { readonly size: number; readonly edge: readonly (readonly Uint8Array[])[] } = {
    size: 0,
    edge: [],
  },
): GrowingTree {
  let { size } = initial;
  const edge: Uint8Array[][] = initial.edge.map((hashes) => [...hashes]);
  let full: Tile[] = [];
  let touched = new Set<number>();

  const add = (level: number, hash: Uint8Array): void => {
    edge[level] ??= [];
    const hashes = edge[level];
    hashes.push(hash);
    touched.add(level);
    if (hashes.length < TILE_WIDTH) return;
    full.push({ level, index: countAt(size, level + 1) - 1, hashes });
    edge[level] = [];
    add(level + 1, hashComplete(hashes));
  };

  return {
    get size() {
      return size;
    },
    append(leaf) {
      size += 1;
      add(0, leaf);
    },
    root: () => foldPeaks(edge),
    takeChanged() {
      const partial = [...touched].flatMap((level): readonly Tile[] => {
        const hashes = edge[level] ?? [];
        const index = countAt(size, level + 1);
        return hashes.length === 0 ? [] : [{ level, index, hashes: [...hashes] }];
      });
      const changed = [...full, ...partial];
      full = [];
      touched = new Set();
      return changed;
    },
  };
}

/** How many complete subtrees of 256^level entries a tree holds; from there on down also the index of the next tile. */
export function countAt(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The complete subtrees that make up the tree, joined from the smallest, rightmost one on. */
function foldPeaks(edge: readonly (readonly Uint8Array[])[]): Uint8Array {
  let root: Uint8Array | undefined;
  for (const hashes of edge) {
    let end = hashes.length;
    for (let width = 1; end > 0; width *= 2) {
      if ((hashes.length & width) === 0) continue;
      const peak = hashComplete(hashes.slice(end - width, end));
      root = root === undefined ? peak : hashNode(peak, root);
      end -= width;
    }
  }
  return root ?? hashComplete([]);
}
