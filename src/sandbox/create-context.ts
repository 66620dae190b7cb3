import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SandboxContext, SandboxStore } from "./context.ts";
import { chargeAccount } from "./issuer/charge-account.ts";
import type { Keyring } from "./keyring.ts";
import type { MintedSecrets } from "./minted-secrets.ts";

/** Puts together what every surface shares. */
export function createContext(input: {
  /** The sandbox's home. */
  readonly folder: string;
  readonly store: SandboxStore;
  readonly keyring: Keyring;
  readonly minted: MintedSecrets;
  readonly now: () => number;
  readonly random: (bytes: number) => string;
  readonly controlUrl: string;
  readonly appPort: number;
}): SandboxContext {
  const { store, now, random } = input;
  return {
    store,
    now,
    random,
    controlUrl: input.controlUrl,
    appPort: input.appPort,
    folder(name) {
      const folder = join(input.folder, name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    mintSecret(kind, prefix = "") {
      const value = `${prefix}cnry${random(22)}`;
      input.minted.record(kind, value);
      return value;
    },
    keepSecret(kind, value) {
      input.minted.record(kind, value);
      return value;
    },
    seal: input.keyring.seal,
    unseal: input.keyring.unseal,
    charge: (charge) => chargeAccount({ store, now, random }, charge),
  };
}
