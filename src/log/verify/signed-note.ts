import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";

/** A signed note (https://c2sp.org/signed-note), split but not yet believed. */
export interface SignedNote {
  /** What is signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly {
    readonly name: string;
    /** Key id, 8 hexadecimal digits. */
    readonly id: string;
    readonly bytes: Uint8Array;
  }[];
}

/** A key that signatures are held against. `log` signs the text (type 0x01), `witness` a text with its time (type 0x04). */
export interface VerifierKey {
  readonly name: string;
  readonly id: string;
  readonly kind: "log" | "witness";
  readonly publicKey: KeyObject;
}

/** A tree head (https://c2sp.org/tlog-checkpoint). */
export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const KINDS = new Map<number, VerifierKey["kind"]>([
  [0x01, "log"],
  [0x04, "witness"],
]);
/** Of an Ed25519 public key in SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const SIGNATURES_MAX = 64;

/** Reads `<name>+<id>+<base64>`; undefined when it is no Ed25519 key of ours or its id is not the key's. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, id = "", encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = decodeBase64(encoded);
  if (name === undefined || bytes?.length !== 33) return undefined;
  const kind = KINDS.get(bytes[0] ?? 0);
  if (kind === undefined) return undefined;
  const digest = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), bytes]), "hex");
  if (digest.slice(0, 8) !== id) return undefined;
  const key = Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]);
  return { name, id, kind, publicKey: createPublicKey({ key, format: "der", type: "spki" }) };
}

/** Splits a note; undefined when it is none. The text ends at the last empty line. */
export function parseNote(note: string): SignedNote | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a note may hold none but newlines
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith("\n")) return undefined;
  const split = note.lastIndexOf("\n\n");
  if (split < 0) return undefined;
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) return undefined;
  const signatures = lines.map(parseSignature);
  return signatures.every((one) => one !== undefined)
    ? { text: note.slice(0, split + 1), signatures }
    : undefined;
}

function parseSignature(line: string): SignedNote["signatures"][number] | undefined {
  const [, name, encoded = ""] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
  return { name, id: bytes.subarray(0, 4).toString("hex"), bytes: bytes.subarray(4) };
}

/** What a key says about a note: `absent` no signature of it, `wrong` one that is not good. `at` is a witness's time in milliseconds. */
export type SignatureCheck =
  | { readonly kind: "good"; readonly at: number | undefined }
  | { readonly kind: "absent" | "wrong" };

export function checkSignature(note: SignedNote, key: VerifierKey): SignatureCheck {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  const [first, ...more] = own;
  if (first === undefined) return { kind: "absent" };
  if (more.length > 0) return { kind: "wrong" };
  const { bytes } = first;
  if (key.kind === "log") {
    const isGood = verify(null, Buffer.from(note.text), key.publicKey, bytes);
    return isGood ? { kind: "good", at: undefined } : { kind: "wrong" };
  }
  if (bytes.length !== 72) return { kind: "wrong" };
  const time = Buffer.from(bytes).readBigUInt64BE(0);
  // https://c2sp.org/tlog-cosignature, Ed25519 signed message
  const message = `cosignature/v1\ntime ${time}\n${note.text}`;
  const isGood = verify(null, Buffer.from(message), key.publicKey, bytes.subarray(8));
  return isGood ? { kind: "good", at: Number(time) * 1_000 } : { kind: "wrong" };
}

/** Reads a note's text as a tree head; undefined when it is none. Lines beyond the third are allowed and mean nothing. */
export function parseTreeHead({ text }: Pick<SignedNote, "text">): TreeHead | undefined {
  const [origin = "", size = "", root = "", ...more] = text.slice(0, -1).split("\n");
  const bytes = decodeBase64(root);
  if (origin === "" || more.includes("") || bytes?.length !== 32) return undefined;
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  return { origin, size: Number(size), root: bytes };
}

/** Bytes of standard base64; undefined for every other spelling of them. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
