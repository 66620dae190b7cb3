import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
} from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { SandboxError } from "./sandbox-error.ts";

/** The secrets of a sandbox that must stay the same over restarts; all come from one root key. */
export interface Keyring {
  /** A secret for `label`: `prefix`, `cnry`, 44 hexadecimal digits. Same label, same text, in this home. */
  deriveSecret(label: string, prefix: string): string;
  /** An Ed25519 private key for `label`. */
  deriveSigningKey(label: string): KeyObject;
  /** Lower-case hexadecimal digits for `label` that are no secret, e.g. for ids; at most 64. */
  deriveId(label: string, digits: number): string;
  /** AES-256-GCM under the root key; text in, base64url out. */
  seal(text: string): string;
  /** Throws for a text that this keyring did not seal. */
  unseal(sealed: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** PKCS #8 frame of an Ed25519 private key (RFC 8410, section 7); the 32 bytes of the key follow. */
const ED25519_FRAME = Buffer.from("302e020100300506032b657004220420", "hex");

/** Reads the root key from `file` (64 hexadecimal digits, mode 0600), made from `random` when absent. */
export function openKeyring(file: string, random: (bytes: number) => string): Keyring {
  if (!existsSync(file)) writeFileSync(file, random(32), { mode: 0o600, flag: "wx" });
  const text = readFileSync(file, "utf8");
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new SandboxError("damaged-home", "sandbox.key is not a key; remove the sandbox's folder");
  const root = Buffer.from(text, "hex");
  const derive = (purpose: string) => createHmac("sha256", root).update(purpose).digest();
  const sealingKey = derive("seal");

  return {
    deriveSecret: (label, prefix) =>
      `${prefix}cnry${derive(`secret:${label}`).toString("hex").slice(0, 44)}`,
    deriveSigningKey: (label) =>
      createPrivateKey({
        key: Buffer.concat([ED25519_FRAME, derive(`ed25519:${label}`)]),
        format: "der",
        type: "pkcs8",
      }),
    deriveId: (label, digits) => derive(`id:${label}`).toString("hex").slice(0, digits),
    seal(plain) {
      const nonce = Buffer.from(random(NONCE_BYTES), "hex");
      const cipher = createCipheriv("aes-256-gcm", sealingKey, nonce);
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    unseal(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", sealingKey, nonce);
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([body, decipher.final()]).toString("utf8");
    },
  };
}

/** The public half of an Ed25519 key as in a JSON Web Key: `x`, base64url. */
export function readPublicKeyX(key: KeyObject): string {
  return String(createPublicKey(key).export({ format: "jwk" }).x);
}
