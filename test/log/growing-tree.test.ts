import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProofBuilder } from "../../src/log/append/build-proof.ts";
import { createGrowingTree } from "../../src/log/append/growing-tree.ts";
import { hashLeaf } from "../../src/log/append/hash-tree.ts";
import { openTileFiles, tilePath } from "../../src/log/append/tile-files.ts";
import {
  computeRoot,
  hashEntry,
  provesConsistency,
  provesInclusion,
} from "../../src/log/verify/merkle-proof.ts";

const MOST = 1_200;
const leaves = Array.from({ length: MOST }, (_, n) => hashEntry(Buffer.from(`entry ${n}`)));
const rootOf = (size: number) => Buffer.from(computeRoot(leaves.slice(0, size)));

function makeFolder(): string {
  const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = mkdtempSync(join(parent, "sc-tree-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Grows a tree to each size in turn and writes its tiles, as the log does. */
function writeTree(folder: string, ...sizes: readonly number[]) {
  const tree = createGrowingTree();
  const files = openTileFiles(folder);
  for (const size of sizes) {
    for (const leaf of leaves.slice(tree.size, size)) tree.append(leaf);
    for (const tile of tree.takeChanged()) files.writeTile(tile);
  }
  return { tree, files };
}

describe("the growing tree", () => {
  it("has the root that a plain recursion finds, at every size", () => {
    const tree = createGrowingTree();
    expect(Buffer.from(tree.root())).toEqual(rootOf(0));
    for (const [at, leaf] of leaves.slice(0, 700).entries()) {
      tree.append(leaf);
      expect(Buffer.compare(tree.root(), rootOf(at + 1))).toBe(0);
    }
  });

  it("hashes a leaf as the verifier does", () => {
    expect(hashLeaf("größe\n")).toEqual(Buffer.from(hashEntry(Buffer.from("größe\n"))));
  });

  it("goes on from its right edge as if it had never stopped", () => {
    fc.assert(
      fc.property(fc.nat({ max: 600 }), fc.nat({ max: 300 }), (size, more) => {
        const { files } = writeTree(makeFolderOnce(), size);
        const edge = [0, 1].flatMap((level) => {
          const width = Math.floor(size / 256 ** level) % 256;
          const read = files.readTile(level, Math.floor(size / 256 ** (level + 1)), width);
          return size < 256 ** level ? [] : [width === 0 ? [] : (read ?? [])];
        });
        const resumed = createGrowingTree({ size, edge });
        for (const leaf of leaves.slice(size, size + more)) resumed.append(leaf);
        return Buffer.compare(resumed.root(), rootOf(size + more)) === 0;
      }),
      { numRuns: 60 },
    );
  });

  it("writes the tiles that the specification's example asks for", () => {
    const tree = createGrowingTree();
    for (let n = 0; n < 70_000; n++) tree.append(leaves[n % MOST] as Uint8Array);
    const tiles = tree.takeChanged();
    const count = (level: number, isFull: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.hashes.length === 256) === isFull);
    expect(count(0, true)).toHaveLength(273);
    expect(count(0, false).map(({ hashes, index }) => [hashes.length, index])).toEqual([
      [112, 273],
    ]);
    expect(count(1, true)).toHaveLength(1);
    expect(count(1, false).map(({ hashes, index }) => [hashes.length, index])).toEqual([[17, 1]]);
    expect(count(2, false).map(({ hashes, index }) => [hashes.length, index])).toEqual([[1, 0]]);
  });

  it("names tiles as the specification does", () => {
    expect(tilePath(0, 1_234_067, 256)).toBe("tile/0/x001/x234/067");
    expect(tilePath(1, 0, 17)).toBe("tile/1/000.p/17");
    expect(tilePath("entries", 999, 1)).toBe("tile/entries/999.p/1");
    expect(tilePath("entries", 1_000, 256)).toBe("tile/entries/x001/000");
  });

  it("never contradicts the tiles of a smaller tree", () => {
    const folder = makeFolder();
    writeTree(folder, 1, 5, 255, 256, 300, 511);
    const partial = join(folder, "tile/0/000.p");
    const whole = readFileSync(join(folder, "tile/0/000"));
    expect(readdirSync(partial).sort()).toEqual(["1", "255", "5"]);
    for (const width of readdirSync(partial)) {
      const bytes = readFileSync(join(partial, width));
      expect(bytes.equals(whole.subarray(0, bytes.length))).toBe(true);
    }
  });
});

describe("proofs from tiles", () => {
  it("of inclusion and consistency satisfy the verifier, whatever the sizes", () => {
    const folder = makeFolder();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MOST }),
        fc.nat(),
        fc.nat(),
        (size, someIndex, someOld) => {
          const { files } = writeTree(folder, size);
          const proofs = createProofBuilder(files, size);
          const [index, oldSize] = [someIndex % size, someOld % (size + 1)];
          const leaf = leaves[index] as Uint8Array;
          const inclusion = proofs.inclusion(index);
          const consistency = proofs.consistency(oldSize);
          const [root, oldRoot] = [rootOf(size), rootOf(oldSize)];
          expect(provesInclusion({ index, size, leaf, root, proof: inclusion })).toBe(true);
          const claim = { oldSize, newSize: size, oldRoot, newRoot: root, proof: consistency };
          expect(provesConsistency(claim)).toBe(true);
          expect(inclusion.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
          expect(consistency.length).toBeLessThanOrEqual(63);
        },
      ),
      { numRuns: 150 },
    );
  });
});

let shared: string | undefined;
function makeFolderOnce(): string {
  shared ??= makeFolder();
  return shared;
}
