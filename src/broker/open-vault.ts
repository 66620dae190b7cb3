import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { AdapterVault } from "../adapters/orchestrators/vault.ts";
import { Secret } from "../util/secret.ts";
import { sha256 } from "../util/sha256.ts";
import { writeDurably } from "../util/write-durably.ts";
import type { Keystore } from "./keystore.ts";

/** The vault of a home's adapters: one file (mode 0600), each value sealed for its own name, replaced whole. A name is hashed, for it may hold an e-mail address. */
export function openVault(path: string, keystore: Keystore): AdapterVault {
  const read = (): Record<string, string> =>
    existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>) : {};
  return {
    async read(name) {
      const sealed = read()[sha256(name)];
      return sealed === undefined ? undefined : new Secret(keystore.open(sealed, `vault/${name}`));
    },
    async write(name, value) {
      const values = read();
      if (value === undefined) delete values[sha256(name)];
      else values[sha256(name)] = keystore.seal(value.reveal(), `vault/${name}`);
      writeDurably(dirname(path), basename(path), JSON.stringify(values));
    },
  };
}
