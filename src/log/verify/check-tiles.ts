import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { LogFinding } from "./log-finding.ts";
import { computeRoot } from "./merkle-proof.ts";

const WIDTH = 256;
/** `tile/<L>/<N>[.p/<W>]`: level or `entries`, index in groups of three digits, width. */
const TILE = /^tile\/(\d|[1-9]\d|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/**
 * Holds every file of `tile/` against what follows from the entries, partial tiles of smaller trees included, and looks for those that a tree of `size`
 * needs (https://c2sp.org/tlog-tiles).
 */
export function checkTiles(
  folder: string,
  entries: readonly Buffer[],
  leaves: readonly Uint8Array[],
  size: number,
  findings: LogFinding[],
): void {
  const levels = buildLevels(leaves);
  const files = listFiles(folder);
  for (const file of files) {
    const [, level, path = "", width] = TILE.exec(file) ?? [];
    if (level === undefined) {
      findings.push({ code: "odd_file", file });
      continue;
    }
    const start = Number(path.replace(/\D/g, "")) * WIDTH;
    const count = width === undefined ? WIDTH : Number(width);
    const expected =
      level === "entries"
        ? entries.slice(start, start + count).map(frame)
        : (levels[Number(level)] ?? []).slice(start, start + count);
    const isSame =
      count <= WIDTH &&
      expected.length === count &&
      Buffer.concat(expected).equals(readFileSync(join(folder, file)));
    if (!isSame) findings.push({ code: "wrong_tile", file });
  }
  const present = new Set(files);
  for (const [file, full] of listNeeded(size))
    if (!present.has(file) && !present.has(full)) findings.push({ code: "missing_tile", file });
}

/** Hashes of each level: the leaves, then the heads of every 256 of the level below. */
function buildLevels(leaves: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels = [leaves];
  for (let row = leaves; row.length >= WIDTH; ) {
    const below = row;
    row = Array.from({ length: Math.floor(below.length / WIDTH) }, (_, at) =>
      computeRoot(below.slice(at * WIDTH, (at + 1) * WIDTH)),
    );
    levels.push(row);
  }
  return levels;
}

/** Path of each tile and bundle of a tree, with the path of the full one that may stand for it. */
function* listNeeded(size: number): Generator<readonly [file: string, full: string]> {
  let count = size;
  for (let level = 0; count > 0; level++) {
    for (const name of level === 0 ? ["entries", "0"] : [String(level)]) {
      for (let index = 0; index * WIDTH < count; index++) {
        const full = `tile/${name}/${spell(index)}`;
        const width = Math.min(WIDTH, count - index * WIDTH);
        yield [width === WIDTH ? full : `${full}.p/${width}`, full];
      }
    }
    count = Math.floor(count / WIDTH);
  }
}

function spell(index: number): string {
  const last = String(index % 1_000).padStart(3, "0");
  let path = last;
  for (let rest = Math.floor(index / 1_000); rest > 0; rest = Math.floor(rest / 1_000))
    path = `x${String(rest % 1_000).padStart(3, "0")}/${path}`;
  return path;
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(join(folder, "tile"), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch {
    return [];
  }
}

/** An entry after its length in two bytes. */
function frame(entry: Buffer): Buffer {
  return Buffer.concat([Buffer.of(entry.length >> 8, entry.length & 0xff), entry]);
}
