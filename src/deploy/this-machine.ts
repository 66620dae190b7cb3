import { homedir } from "node:os";
import type { Machine } from "./engine.ts";
import { trustedPath } from "./trusted-path.ts";

export interface MachineOptions {
  /** Default: that of this process. */
  readonly env?: Machine["env"] | undefined;
  /** Folders of the project that is worked on: no engine is taken from them. */
  readonly projects?: readonly string[] | undefined;
}

/** The machine and the process we are in. Its PATH is what is left of the environment's by {@link trustedPath}. */
export function thisMachine({ env = process.env, projects = [] }: MachineOptions = {}): Machine {
  return {
    env: { ...env, PATH: trustedPath(env.PATH, projects, homedir()) },
    node: process.execPath,
    home: homedir(),
    platform: process.platform,
  };
}
