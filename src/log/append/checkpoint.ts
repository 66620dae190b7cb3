import type { NoteKey } from "../note-key.ts";

/** A tree head: what a checkpoint says. */
export interface CheckpointHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The text of a checkpoint (https://c2sp.org/tlog-checkpoint), without signatures. */
export function formatCheckpoint({ origin, size, root }: CheckpointHead): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/** A checkpoint of our own, read back. */
export interface OwnCheckpoint extends CheckpointHead {
  /** Others have signed it, too. */
  readonly cosigned: boolean;
}

/** Reads a checkpoint of our own back; undefined when it is not exactly what `key` signs. Ed25519 signs a text in one way only, so it is signed again and compared. */
export function parseOwnCheckpoint(note: string, key: NoteKey): OwnCheckpoint | undefined {
  const [origin = "", size = "", root = ""] = note.split("\n");
  if (!/^(0|[1-9]\d{0,14})$/.test(size)) return undefined;
  const head = { origin, size: Number(size), root: Buffer.from(root, "base64") };
  const text = formatCheckpoint(head);
  const signed = `${text}\n${key.signLine(text)}`;
  const isOwn = origin === key.name && note.startsWith(signed);
  return isOwn ? { ...head, cosigned: note.length > signed.length } : undefined;
}
