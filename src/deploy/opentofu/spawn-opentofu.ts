import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Machine } from "../engine.ts";
import { basePath, keepAllowed } from "../engine-environment.ts";
import { engineCacheFolder } from "../machine-folders.ts";
import { ensurePassphraseFile } from "../passphrase.ts";
import { type EngineExit, spawnMarked } from "../spawn-marked.ts";
import type { StackPlace } from "../stack-place.ts";
import { configurationFolder } from "./opentofu-folders.ts";
import { writeMirror } from "./write-mirror.ts";

/** One start of OpenTofu. */
export interface OpentofuCommand {
  readonly machine: Machine;
  readonly engine: Engine;
  readonly place: StackPlace;
  /** The stack's folder, as the run has it. */
  readonly folder: string;
  /** Arguments after `tofu`. */
  readonly args: readonly string[];
  /** Beyond the allowed environment, e.g. the broker's socket. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OpentofuExit extends EngineExit {
  /** Lines of standard output. */
  readonly lines: readonly string[];
}

/** Runs OpenTofu to its end in the folder of the stack's configuration. `onLine` hears each line of standard output as it comes. */
export async function spawnOpentofu(
  command: OpentofuCommand,
  onLine?: (line: string) => void,
): Promise<OpentofuExit> {
  const { machine, engine, place, args, signal } = command;
  const lines: string[] = [];
  const exit = await spawnMarked({
    command: engine.command,
    args,
    cwd: configurationFolder(command),
    env: { ...buildEnvironment(machine), ...command.env },
    place,
    signal,
    onLine(line) {
      lines.push(line);
      onLine?.(line);
    },
  });
  return { ...exit, lines };
}

/** The whole environment of a run. Nothing of the user's `TF_*` gets in. */
function buildEnvironment(machine: Machine): Record<string, string> {
  return {
    ...keepAllowed(machine),
    PATH: basePath(machine),
    HOME: machine.home,
    NODE_COMPILE_CACHE: join(engineCacheFolder(machine), "node-compile-cache"),
    TF_CLI_CONFIG_FILE: writeMirror(machine).configFile,
    TF_VAR_passphrase: readFileSync(ensurePassphraseFile(machine), "utf8").trim(),
    TF_IN_AUTOMATION: "true",
    TF_INPUT: "false",
    CHECKPOINT_DISABLE: "true",
  };
}
