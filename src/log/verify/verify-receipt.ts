import { hashEntry, provesInclusion } from "./merkle-proof.ts";
import {
  checkSignature,
  decodeBase64,
  parseNote,
  parseTreeHead,
  parseVerifierKey,
} from "./signed-note.ts";

/** The keys that a receipt is held against. */
export interface ReceiptTrust {
  readonly logKey: string;
  /** Witnesses that count. */
  readonly witnessKeys: readonly string[];
  /** How many of them must have cosigned, default 1. */
  readonly quorum?: number | undefined;
}

export type ReceiptReport =
  | {
      readonly ok: true;
      /** The entry's text, as it stands in the log. */
      readonly entry: string;
      readonly index: number;
      readonly origin: string;
      readonly size: number;
      readonly witnesses: readonly { readonly name: string; readonly at: string }[];
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Checks a receipt (https://c2sp.org/tlog-proof, with the entry as its `extra` data) offline: the log has signed a tree, enough witnesses have seen it, and the
 * entry stands in it. Shares no code with what writes receipts.
 */
export function verifyReceipt(text: string, trust: ReceiptTrust): ReceiptReport {
  const receipt = parseReceipt(text);
  if (receipt === undefined) return no("it is no receipt");
  const logKey = parseVerifierKey(trust.logKey);
  if (logKey?.kind !== "log") return no("the log's verifier key cannot be read");
  const note = parseNote(receipt.checkpoint);
  const head = note === undefined ? undefined : parseTreeHead(note);
  if (note === undefined || head === undefined) return no("its checkpoint is malformed");
  if (head.origin !== logKey.name) return no("it is of another log");
  if (checkSignature(note, logKey).kind !== "good")
    return no("the log has not signed its checkpoint");
  const witnesses = trust.witnessKeys.flatMap((witnessKey) => {
    const key = parseVerifierKey(witnessKey);
    const check = key?.kind === "witness" ? checkSignature(note, key) : undefined;
    if (key === undefined || check?.kind !== "good") return [];
    return [{ name: key.name, at: new Date(check.at ?? 0).toISOString() }];
  });
  const names = new Set(witnesses.map(({ name }) => name));
  // Written so that a quorum that is no number lets nothing pass.
  if (!(names.size >= Math.max(1, trust.quorum ?? 1)))
    return no("not enough witnesses have seen its checkpoint");
  const { entry, index, proof } = receipt;
  const { origin, size, root } = head;
  if (!provesInclusion({ index, size, leaf: hashEntry(entry), root, proof }))
    return no("its entry does not stand in the log");
  return { ok: true, entry: entry.toString("utf8"), index, origin, size, witnesses };
}

interface Receipt {
  readonly entry: Buffer;
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
}

function parseReceipt(text: string): Receipt | undefined {
  const split = text.indexOf("\n\n");
  if (split < 0) return undefined;
  const [title, extra = "", place = "", ...lines] = text.slice(0, split).split("\n");
  const entry = extra.startsWith("extra ") ? decodeBase64(extra.slice(6)) : undefined;
  const [, index] = /^index (0|[1-9]\d{0,14})$/.exec(place) ?? [];
  const proof = lines.map(decodeBase64);
  if (title !== "c2sp.org/tlog-proof@v1" || entry === undefined || index === undefined)
    return undefined;
  if (!proof.every((hash) => hash?.length === 32)) return undefined;
  const checkpoint = text.slice(split + 2);
  return { entry, index: Number(index), proof: proof as readonly Uint8Array[], checkpoint };
}

function no(reason: string): ReceiptReport {
  return { ok: false, reason };
}
