import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createClock, type SandboxClock } from "./clock.ts";
import type { SandboxStore } from "./context.ts";
import { type Keyring, openKeyring } from "./keyring.ts";
import { type MintedSecrets, openMintedSecrets } from "./minted-secrets.ts";
import { SandboxError } from "./sandbox-error.ts";
import { readSandboxFile, type SandboxFile } from "./sandbox-file.ts";
import { openStore } from "./store.ts";

/** A home's state, held by this process alone. */
export interface SandboxHome {
  /** What the last sandbox of this home wrote about itself. */
  readonly earlier: SandboxFile | undefined;
  readonly store: SandboxStore;
  readonly keyring: Keyring;
  readonly minted: MintedSecrets;
  readonly clock: SandboxClock;
  close(): void;
}

/** Takes a home, made when absent (mode 0700). Throws {@link SandboxError} `home-in-use` or `damaged-home`. */
export function openHome(
  home: string,
  input: { readonly machineNow: () => number; readonly random: (bytes: number) => string },
): SandboxHome {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  const earlier = readSandboxFile(home);
  const store = takeStore(home, earlier);
  try {
    const keyring = openKeyring(join(home, "sandbox.key"), input.random);
    const clock = createClock(store, input.machineNow);
    const minted = openMintedSecrets({
      file: join(home, "minted-secrets.jsonl"),
      store,
      now: clock.now,
    });
    const close = () => {
      minted.close();
      store.close();
    };
    return { earlier, store, keyring, minted, clock, close };
  } catch (error) {
    store.close();
    throw error;
  }
}

function takeStore(home: string, earlier: SandboxFile | undefined): ReturnType<typeof openStore> {
  try {
    return openStore(join(home, "state.sqlite"));
  } catch (error) {
    if (!(error instanceof SandboxError) || error.code !== "home-in-use") throw error;
    const who = typeof earlier?.pid === "number" ? `process ${earlier.pid}` : "another process";
    throw new SandboxError("home-in-use", `the sandbox of this home runs already, in ${who}`);
  }
}
