import type { NoteKey } from "../note-key.ts";
import { EMPTY_ROOT, provesConsistency } from "../verify/merkle-proof.ts";
import {
  checkSignature,
  decodeBase64,
  parseNote,
  parseTreeHead,
  parseVerifierKey,
  type SignedNote,
  type TreeHead,
} from "../verify/signed-note.ts";
import type { SeenTree, WitnessStore } from "./witness-store.ts";

/** An answer of https://c2sp.org/tlog-witness. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: "text/plain; charset=utf-8" | "text/x.tlog.size";
  readonly body: string;
}

export interface Witness {
  readonly store: WitnessStore;
  readonly key: NoteKey;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const PROOF_LINES_MAX = 63;

/** `POST add-checkpoint`: cosigns a checkpoint that follows from the newest one of its log, and remembers it before it answers. */
export function addCheckpoint({ store, key, now }: Witness, body: string): WitnessAnswer {
  const request = readRequest(body);
  if (request === undefined) return refuse(400, "the request is malformed");
  const { oldSize, proof, note, head } = request;
  const trusted = store.keyOf(head.origin);
  const logKey = trusted === undefined ? undefined : parseVerifierKey(trusted);
  if (logKey === undefined) return refuse(404, "the log is not known here");
  if (checkSignature(note, logKey).kind !== "good")
    return refuse(403, "no signature is by a key that is trusted for this log");
  if (oldSize > head.size) return refuse(400, "the old size is above the checkpoint's");
  const { answer } = store.update(head.origin, (seen) => decide(seen, oldSize, proof, head));
  if (answer !== undefined) return answer;
  const time = Math.floor(now() / 1_000);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  const line = key.signLine(`cosignature/v1\ntime ${time}\n${note.text}`, stamp);
  return { status: 200, type: "text/plain; charset=utf-8", body: line };
}

/** Runs inside the store's section, so that two requests cannot both follow from the same tree. */
function decide(
  seen: SeenTree,
  oldSize: number,
  proof: readonly Uint8Array[],
  head: TreeHead,
): { readonly answer?: WitnessAnswer; readonly next?: SeenTree } {
  if (oldSize !== seen.size)
    return { answer: { status: 409, type: "text/x.tlog.size", body: `${seen.size}\n` } };
  const root = Buffer.from(head.root).toString("hex");
  const oldRoot = seen.size === 0 ? EMPTY_ROOT : Buffer.from(seen.root, "hex");
  if (oldSize === head.size && oldSize > 0 && root !== seen.root)
    return { answer: refuse(409, "another root was cosigned for this size") };
  const claim = { oldSize, newSize: head.size, oldRoot, newRoot: head.root, proof };
  if (!provesConsistency(claim))
    return { answer: refuse(422, "the consistency proof does not verify") };
  return { next: { size: head.size, root } };
}

interface AddRequest {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: SignedNote;
  readonly head: TreeHead;
}

function readRequest(body: string): AddRequest | undefined {
  const split = body.indexOf("\n\n");
  if (split < 0) return undefined;
  const [first = "", ...lines] = body.slice(0, split).split("\n");
  const [, old] = /^old (0|[1-9]\d{0,14})$/.exec(first) ?? [];
  const proof = lines.map(decodeBase64);
  if (old === undefined || proof.length > PROOF_LINES_MAX) return undefined;
  if (!proof.every((hash) => hash?.length === 32)) return undefined;
  const note = parseNote(body.slice(split + 2));
  const head = note === undefined ? undefined : parseTreeHead(note);
  if (note === undefined || head === undefined) return undefined;
  return { oldSize: Number(old), proof: proof as readonly Uint8Array[], note, head };
}

function refuse(status: 400 | 403 | 404 | 409 | 422, reason: string): WitnessAnswer {
  return { status, type: "text/plain; charset=utf-8", body: `${reason}\n` };
}
