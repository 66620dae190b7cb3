import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { WitnessLink } from "./ask-witness.ts";

/** What a witness says about a log, for `log verify`. */
export interface WitnessMemory {
  readonly verifierKey: string;
  /** The log's key as the witness first met it, where it can be asked for. */
  readonly logKey?: string | undefined;
  /** The newest tree that was cosigned; `root` in hexadecimal where it can be asked for. */
  readonly seen?: { readonly size: number; readonly root?: string | undefined } | undefined;
}

/** What the witness in a folder of this machine remembers of a log; undefined when it has never met it. Starts nothing and changes nothing. */
export function recallWitness(folder: string, origin: string): WitnessMemory | undefined {
  const path = join(folder, "witness.sqlite");
  const keyPath = join(folder, "verifier-key");
  if (!existsSync(path) || !existsSync(keyPath)) return undefined;
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    const row = database.prepare("SELECT key, size, root FROM logs WHERE origin = ?").get(origin);
    if (row === undefined) return undefined;
    return {
      verifierKey: readFileSync(keyPath, "utf8").trim(),
      logKey: String(row.key),
      seen: { size: Number(row.size), root: String(row.root) },
    };
  } finally {
    database.close();
  }
}

/**
 * Asks a witness elsewhere by the one call that the protocol has: the checkpoint that it cosigned last is submitted again. Undefined when it does not answer or
 * does not know the log.
 */
export async function queryWitness(
  link: WitnessLink,
  checkpoint: string,
  size: number,
): Promise<WitnessMemory | undefined> {
  const reply = await link.addCheckpoint(`old ${size}\n\n${checkpoint}`);
  const { verifierKey } = link;
  if (reply?.status === 200) return { verifierKey, seen: { size } };
  const [, seen] = /^(0|[1-9]\d{0,14})\n$/.exec(reply?.body ?? "") ?? [];
  if (reply?.status !== 409) return undefined;
  // Without a size it has cosigned another root of the same size: one that no entries of ours give.
  return {
    verifierKey,
    seen: seen === undefined ? { size, root: "another" } : { size: Number(seen) },
  };
}
