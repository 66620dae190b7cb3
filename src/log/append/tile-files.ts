import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../../util/write-durably.ts";
import { countAt, TILE_WIDTH, type Tile } from "./growing-tree.ts";

/** Bytes of one hash. */
const HASH_BYTES = 32;

/** `tile/<L>/<N>[.p/<W>]` of https://c2sp.org/tlog-tiles; level `entries` is that of the entry bundles. */
export function tilePath(level: number | "entries", index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** The tiles of a log as plain files. Whatever is written is on disk when the call returns; it throws what the file system throws. */
export interface TileFiles {
  writeTile(tile: Tile): void;
  writeEntries(index: number, entries: readonly string[]): void;
  /** The first `width` hashes of a tile; undefined when no file holds them. */
  readTile(level: number, index: number, width: number): readonly Uint8Array[] | undefined;
  /** Takes partial tiles away that a full one has replaced. */
  removePartial(level: number | "entries", index: number): void;
}

export function openTileFiles(folder: string): TileFiles {
  const read = (path: string): Buffer | undefined => {
    try {
      return readFileSync(join(folder, path));
    } catch {
      return undefined;
    }
  };
  return {
    writeTile({ level, index, hashes }) {
      writeDurably(folder, tilePath(level, index, hashes.length), Buffer.concat(hashes));
    },
    writeEntries(index, entries) {
      const path = tilePath("entries", index, entries.length);
      writeDurably(folder, path, Buffer.concat(entries.map(frameEntry)));
    },
    readTile(level, index, width) {
      const bytes = read(tilePath(level, index, width)) ?? read(tilePath(level, index, TILE_WIDTH));
      if (bytes === undefined || bytes.length < width * HASH_BYTES) return undefined;
      return Array.from({ length: width }, (_, at) =>
        bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
      );
    },
    removePartial(level, index) {
      const full = join(folder, tilePath(level, index, TILE_WIDTH));
      rmSync(`${full}.p`, { recursive: true, force: true });
    },
  };
}

/** How many hashes the last, partial tile of a level has in a tree; 0 when there is none. */
export function partialWidth(size: number, level: number): number {
  return countAt(size, level) % TILE_WIDTH;
}

/** An entry after its length, two bytes with the greater one first. */
function frameEntry(entry: string): Buffer {
  const bytes = Buffer.from(entry, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
