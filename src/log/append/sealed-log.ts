import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shareRuns } from "../../util/share-runs.ts";
import { writeDurably } from "../../util/write-durably.ts";
import { LogAheadError } from "../log-file.ts";
import type { NoteKey } from "../note-key.ts";
import { createProofBuilder, MissingTileError } from "./build-proof.ts";
import {
  type CheckpointHead,
  formatCheckpoint,
  type OwnCheckpoint,
  parseOwnCheckpoint,
} from "./checkpoint.ts";
import { countAt, createGrowingTree, type GrowingTree, TILE_WIDTH } from "./growing-tree.ts";
import { hashLeaf } from "./hash-tree.ts";
import { openTileFiles, partialWidth } from "./tile-files.ts";

/** A tree head that is to be cosigned. */
export interface CosignRequest extends CheckpointHead {
  /** The checkpoint with the log's signature. */
  readonly checkpoint: string;
  /** Consistency proof from a smaller tree of this log. */
  proveFrom(oldSize: number): readonly Uint8Array[];
}

/** Asks a witness for cosignatures. MUST throw unless there is one that was checked: what it answers stands for "seen by somebody else". */
export type Cosign = (request: CosignRequest) => Promise<readonly string[]>;

export interface SealedLogOptions {
  /** The log's folder; `checkpoint` and `tile/` go there. */
  readonly folder: string;
  readonly key: NoteKey;
  /** Durable entries from a sequence on. */
  readonly readEntries: (from: number) => Promise<readonly string[]>;
  /** Absent: the checkpoint carries the log's own signature only, unless the log was witnessed before: then nothing is sealed without. */
  readonly cosign?: Cosign | undefined;
}

/** The log's tree, as plain files in the layout of https://c2sp.org/tlog-tiles, with the log's public key beside them in `verifier-key`. */
export interface SealedLog {
  /**
   * Brings every durable entry under a checkpoint that is signed, cosigned and on disk when it returns. Entries and tiles are synced first, the checkpoint
   * takes its place last. Callers that come while one is at work share the next. Throws what the file system or the witness throws, {@link LogAheadError}
   * or {@link LogContradictionError}; the checkpoint is then the one before.
   */
  seal(): Promise<void>;
}

/** The ledger's entries are not those that the log has signed, or its checkpoint is not one that it signed. */
export class LogContradictionError extends Error {
  override readonly name = "LogContradictionError";
}

/** The log was witnessed before, and now there is nobody to ask. */
export class MissingWitnessError extends Error {
  override readonly name = "MissingWitnessError";
}

interface State {
  readonly tree: GrowingTree;
  /** Entries of the last, partial bundle. */
  readonly bundle: string[];
  /** Size of the checkpoint on disk that this process has sealed. */
  sealed: number | undefined;
}

export function openSealedLog(options: SealedLogOptions): SealedLog {
  let state: State | undefined;
  const run = async (): Promise<void> => {
    let current = state ?? (await load(options));
    // Only a state that is known to agree with the disk is gone on with.
    state = undefined;
    try {
      await sealOnce(options, current);
    } catch (error) {
      if (!(error instanceof MissingTileError)) throw error;
      current = await load(options, { mend: true });
      await sealOnce(options, current);
    }
    state = current;
  };
  return { seal: shareRuns(run) };
}

async function sealOnce(options: SealedLogOptions, state: State): Promise<void> {
  const { folder, key, cosign } = options;
  const { tree, bundle } = state;
  const entries = await options.readEntries(tree.size);
  if (entries.length === 0 && state.sealed === tree.size) return;
  const files = openTileFiles(folder);
  const first = Math.floor(tree.size / TILE_WIDTH);
  for (const entry of entries) {
    tree.append(hashLeaf(entry));
    bundle.push(entry);
    if (bundle.length === TILE_WIDTH)
      files.writeEntries(countAt(tree.size, 1) - 1, bundle.splice(0));
  }
  if (entries.length > 0 && bundle.length > 0) files.writeEntries(countAt(tree.size, 1), bundle);
  const tiles = tree.takeChanged();
  for (const tile of tiles) files.writeTile(tile);

  const head = { origin: key.name, size: tree.size, root: tree.root() };
  const text = formatCheckpoint(head);
  const checkpoint = `${text}\n${key.signLine(text)}`;
  const proofs = createProofBuilder(files, tree.size);
  const cosignatures =
    (await cosign?.({ ...head, checkpoint, proveFrom: proofs.consistency })) ?? [];
  if (state.sealed === undefined) writeDurably(folder, "verifier-key", `${key.verifierKey}\n`);
  writeDurably(folder, "checkpoint", checkpoint + cosignatures.join(""));
  state.sealed = tree.size;

  // Partial tiles may go once the full one is there, and only then (tlog-tiles, "Partial Tiles").
  for (const { level, index, hashes } of tiles)
    if (hashes.length === TILE_WIDTH) files.removePartial(level, index);
  for (let index = first; index < countAt(tree.size, 1); index++)
    files.removePartial("entries", index);
}

/** Goes on from the checkpoint on disk. What a crash or a hand has taken from the tiles is written again from the ledger, if the ledger is the one that was signed. */
async function load(options: SealedLogOptions, { mend = false } = {}): Promise<State> {
  const { folder, key, readEntries } = options;
  const head = readHead(folder, key);
  if (head?.cosigned === true && options.cosign === undefined) throw new MissingWitnessError();
  const size = head?.size ?? 0;
  if (head === undefined || size === 0)
    return { tree: createGrowingTree(), bundle: [], sealed: undefined };
  const start = size - (size % TILE_WIDTH || TILE_WIDTH);
  const known = (await readEntries(start)).slice(0, size - start);
  if (known.length < size - start) throw new LogAheadError();
  const bundle = size % TILE_WIDTH === 0 ? [] : known;
  const tree = mend ? undefined : readEdge(folder, size);
  const last = Buffer.concat(known.slice(-1).map(hashLeaf));
  const isSame =
    tree !== undefined &&
    Buffer.compare(tree.root(), head.root) === 0 &&
    Buffer.compare(readLastLeaf(folder, size), last) === 0;
  // The bundle is written again unread: to compare it would cost as much.
  if (isSame) openTileFiles(folder).writeEntries(start / TILE_WIDTH, known);
  return isSame
    ? { tree, bundle: [...bundle], sealed: undefined }
    : { tree: await rebuild(options, head), bundle: [...bundle], sealed: undefined };
}

function readHead(folder: string, key: NoteKey): OwnCheckpoint | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, "checkpoint"), "utf8");
  } catch {
    return undefined;
  }
  // A crash leaves the old checkpoint or the new one: anything else was put there.
  const head = parseOwnCheckpoint(text, key);
  if (head === undefined) throw new LogContradictionError();
  return head;
}

function readEdge(folder: string, size: number): GrowingTree | undefined {
  const files = openTileFiles(folder);
  const edge: (readonly Uint8Array[])[] = [];
  for (let level = 0; countAt(size, level) > 0; level++) {
    const width = partialWidth(size, level);
    const hashes = width === 0 ? [] : files.readTile(level, countAt(size, level + 1), width);
    if (hashes === undefined) return undefined;
    edge.push(hashes);
  }
  return createGrowingTree({ size, edge });
}

function readLastLeaf(folder: string, size: number): Uint8Array {
  const width = ((size - 1) % TILE_WIDTH) + 1;
  const tile = openTileFiles(folder).readTile(0, countAt(size - 1, 1), width);
  return tile?.at(-1) ?? new Uint8Array();
}

/** Writes every tile anew. Throws when the ledger's entries do not give the root that was signed. */
async function rebuild(
  { folder, readEntries }: SealedLogOptions,
  { size, root }: CheckpointHead,
): Promise<GrowingTree> {
  const entries = (await readEntries(0)).slice(0, size);
  const tree = createGrowingTree();
  for (const entry of entries) tree.append(hashLeaf(entry));
  if (Buffer.compare(tree.root(), root) !== 0) throw new LogContradictionError();
  const files = openTileFiles(folder);
  for (const tile of tree.takeChanged()) files.writeTile(tile);
  for (let at = 0; at < size; at += TILE_WIDTH)
    files.writeEntries(at / TILE_WIDTH, entries.slice(at, at + TILE_WIDTH));
  return tree;
}
