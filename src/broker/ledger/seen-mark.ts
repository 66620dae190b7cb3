import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** How far a ledger was seen. */
export interface Seen {
  /** Of the ledger. */
  readonly id: string;
  /** Commits. */
  readonly serial: number;
  /** Entries of the log. */
  readonly size: number;
  /** Leaf hash of the newest of them. */
  readonly leaf: string;
}

/**
 * Remembers outside of the store how far it was seen, so that a store that was put back to an older state is noticed, with its log or without. The file
 * belongs beside the machine's state, not into a folder that is backed up and restored together with the store.
 */
export interface SeenMark {
  /**
   * Compares with what was seen and remembers the newer state, on disk when it resolves; false when the ledger is older, or went another way from the
   * same point. `leafOf` answers the leaf hash of an entry.
   */
  advance(now: Seen, leafOf: (sequence: number) => Promise<string | undefined>): Promise<boolean>;
}

/** `keepsIdentity`: a new ledger in the place of the one that was seen is an older state, too. */
export function openSeenMark(path: string, keepsIdentity: boolean): SeenMark {
  let known: Seen | undefined;
  return {
    async advance(now, leafOf) {
      const before = known ?? readSeen(path);
      if (before === "damaged") return false;
      if (before !== undefined && before.id !== now.id && keepsIdentity) return false;
      if (before !== undefined && before.id === now.id) {
        if (now.serial < before.serial || now.size < before.size) return false;
        const isChecked = known !== undefined || before.size === 0;
        if (!isChecked && (await leafOf(before.size - 1)) !== before.leaf) return false;
        if (now.serial === before.serial) {
          known = before;
          return true;
        }
      }
      writeSeen(path, now);
      known = now;
      return true;
    },
  };
}

function readSeen(path: string): Seen | "damaged" | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Seen;
  } catch {
    return "damaged";
  }
}

function writeSeen(path: string, seen: Seen): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Of its own: two processes may write at the same time.
  const next = `${path}.${process.pid}`;
  const file = openSync(next, "w", 0o600);
  try {
    writeSync(file, `${JSON.stringify(seen)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}
