import { createPrivateKey, createPublicKey, hash, sign } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";

/** What a key signs: `log` notes (signature type 0x01 of https://c2sp.org/signed-note), `witness` cosignatures (type 0x04). */
export type NoteKeyKind = "log" | "witness";

/** An Ed25519 key with a name, as signed notes use it. */
export interface NoteKey {
  /** The key's name; a log's is also its checkpoints' origin line. */
  readonly name: string;
  /** The public half, `<name>+<id>+<base64>`, for whoever verifies. */
  readonly verifierKey: string;
  /** A signature line for what was signed; `prefix` goes between key id and signature. */
  signLine(message: string, prefix?: Uint8Array): string;
}

export type OpenedNoteKey =
  | { readonly ok: true; readonly key: NoteKey }
  | { readonly ok: false; readonly code: "missing" | "exposed" };

const TYPES: Readonly<Record<NoteKeyKind, number>> = { log: 0x01, witness: 0x04 };
/** Of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Opens the key file (mode 0600; one line in the format of Go's `note` package). Makes one only when `mayCreate`: with a new key a log's history would
 * begin anew. Two processes that make it at once end up with the same.
 */
export function openNoteKey(
  path: string,
  options: {
    readonly kind: NoteKeyKind;
    readonly mayCreate: boolean;
    readonly random: (count: number) => Uint8Array;
  },
): OpenedNoteKey {
  if (!existsSync(path)) {
    if (!options.mayCreate) return { ok: false, code: "missing" };
    createKeyFile(path, options.kind, options.random);
  }
  if ((statSync(path).mode & 0o077) !== 0) return { ok: false, code: "exposed" };
  const key = readKey(readFileSync(path, "utf8").trim(), TYPES[options.kind]);
  return key === undefined ? { ok: false, code: "missing" } : { ok: true, key };
}

function createKeyFile(
  path: string,
  kind: NoteKeyKind,
  random: (count: number) => Uint8Array,
): void {
  const name = `supercargo.internal/${kind}/${Buffer.from(random(8)).toString("hex")}`;
  const seed = random(32);
  const { id } = derive(name, TYPES[kind], seed);
  const body = Buffer.concat([Buffer.of(TYPES[kind]), seed]).toString("base64");
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, `PRIVATE+KEY+${name}+${id.toString("hex")}+${body}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, 0o600);
  try {
    // Unlike a rename, a link never replaces what another process put there first.
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft);
  }
}

function readKey(line: string, type: number): NoteKey | undefined {
  const [, name, id, body = ""] =
    /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
  const bytes = Buffer.from(body, "base64");
  if (name === undefined || bytes.length !== 33 || bytes[0] !== type) return undefined;
  const own = derive(name, type, bytes.subarray(1));
  if (own.id.toString("hex") !== id) return undefined;
  const verifierKey = `${name}+${id}+${own.encoded.toString("base64")}`;
  return {
    name,
    verifierKey,
    signLine(message, prefix = new Uint8Array()) {
      const signature = sign(null, Buffer.from(message), own.privateKey);
      const encoded = Buffer.concat([own.id, prefix, signature]).toString("base64");
      return `\u2014 ${name} ${encoded}\n`;
    },
  };
}

function derive(name: string, type: number, seed: Uint8Array) {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const encoded = Buffer.concat([Buffer.of(type), Buffer.from(x, "base64url")]);
  const named = Buffer.concat([Buffer.from(`${name}\n`), encoded]);
  return { privateKey, encoded, id: hash("sha256", named, "buffer").subarray(0, 4) };
}
