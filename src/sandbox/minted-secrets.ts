import { closeSync, openSync, writeSync } from "node:fs";
import { sha256 } from "../util/sha256.ts";
import type { SandboxStore } from "./context.ts";

/** One credential that the sandbox gave out; a line of `minted-secrets.jsonl`. */
export interface MintedSecret {
  readonly kind: string;
  readonly value: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The record of every credential that the sandbox gave out: hashes in the store, clear text in one file (mode 0600) for leak tests. */
export interface MintedSecrets {
  /** Repeating is harmless: a value is recorded once. */
  record(kind: string, value: string): void;
  close(): void;
}

/** Opens the record; `file` is appended to. The clear text is on disk before the hash is. */
export function openMintedSecrets(input: {
  readonly file: string;
  readonly store: SandboxStore;
  readonly now: () => number;
}): MintedSecrets {
  const descriptor = openSync(input.file, "a", 0o600);
  const hashes = input.store.collection<{ readonly kind: string; readonly at: string }>("minted");
  return {
    record(kind, value) {
      const hash = sha256(value);
      if (hashes.get(hash) !== undefined) return;
      const at = new Date(input.now()).toISOString();
      const secret: MintedSecret = { kind, value, at };
      writeSync(descriptor, `${JSON.stringify(secret)}\n`);
      hashes.put(hash, { kind, at });
    },
    close: () => closeSync(descriptor),
  };
}
