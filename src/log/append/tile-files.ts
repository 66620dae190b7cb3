import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
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

/**
 * Puts a file of the log's folder in its place, on disk when it returns. A crash leaves what was there before: the bytes are written beside `tile/` and take their
 * place whole.
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

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** An entry after its length, two bytes with the greater one first. */
function frameEntry(entry: string): Buffer {
  const bytes = Buffer.from(entry, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
