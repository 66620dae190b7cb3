import { createCipheriv, createDecipheriv } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from "node:fs";
import type { Random } from "./random.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals texts with AES-256-GCM. `context` names the place a text belongs to; opened elsewhere it fails. */
export interface Keystore {
  seal(text: string, context: string): string;
  /** Throws when the text was not sealed by this keystore for this context: the store was tampered with. */
  open(sealed: string, context: string): string;
}

export type OpenedKeystore =
  | { readonly ok: true; readonly keystore: Keystore }
  | { readonly ok: false; readonly code: "keystore_missing" | "keystore_exposed" };

/**
 * Opens the key file (mode 0600). Makes one only when `mayCreate`: beside an existing ledger a new key would lose every secret,
 * so there a missing key is a failure.
 */
export function openKeystore(
  path: string,
  options: { readonly random: Random; readonly mayCreate: boolean },
): OpenedKeystore {
  if (!existsSync(path)) {
    if (!options.mayCreate) return { ok: false, code: "keystore_missing" };
    const file = openSync(path, "wx", 0o600);
    writeSync(file, options.random.bytes(KEY_BYTES));
    fsyncSync(file);
    closeSync(file);
  }
  if ((statSync(path).mode & 0o077) !== 0) return { ok: false, code: "keystore_exposed" };
  const key = readFileSync(path);
  if (key.length !== KEY_BYTES) return { ok: false, code: "keystore_missing" };
  return { ok: true, keystore: createKeystore(key, options.random) };
}

function createKeystore(key: Uint8Array, random: Random): Keystore {
  return {
    seal(text, context) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64");
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, "base64");
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error("a sealed text is too short");
      const tag = bytes.subarray(bytes.length - TAG_BYTES);
      const body = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    },
  };
}
