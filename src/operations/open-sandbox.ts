import type { BrokerConnection } from "../broker/connection.ts";
import type { SandboxAddress } from "../sandbox/connect-sandbox.ts";
import { askSandbox } from "./ask-sandbox.ts";
import { refuseStart } from "./manage-sandbox.ts";
import type { Refusal } from "./outcome.ts";
import { sandboxHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

/** A sandbox that answers. */
export interface OpenSandbox extends SandboxAddress {
  /** This process started it. */
  readonly started: boolean;
  /** Ends it if this process started it. */
  close(): Promise<void>;
}

/** Finds the sandbox of a root, or starts it: as a daemon, or bound to this process. */
export async function openSandbox(
  root: string,
  { daemon }: { readonly daemon: boolean },
): Promise<OpenSandbox | Refusal> {
  const { findSandbox, spawnSandbox } = await import("../sandbox/connect-sandbox.ts");
  const home = sandboxHome(root);
  const found = await findSandbox(home);
  if (found !== undefined) return { ...found, started: false, close: async () => {} };
  try {
    const spawned = await spawnSandbox({ home, detached: daemon });
    return { ...spawned, started: true };
  } catch (error) {
    return refuseStart(error);
  }
}

/** What broker and engine need to work against a sandbox. Holds secrets: never log. */
export interface SandboxLink extends BrokerConnection {
  /** Environment of the engine, which says where native resources go. */
  readonly engine: Readonly<Record<string, string>>;
}

/** `person` is who is logged in to the command lines that the sandbox plays, an e-mail address; default somebody whom no manifest names. */
export async function readConnection(
  sandbox: SandboxAddress,
  { signal }: Workplace,
  person?: string,
): Promise<SandboxLink> {
  const query = person === undefined ? "" : `?${new URLSearchParams({ person })}`;
  return (await askSandbox(sandbox, `connection${query}`, { signal })) as SandboxLink;
}
