import type { Engine, Machine } from "./engine.ts";
import { buildEngineEnvironment } from "./engine-environment.ts";
import { type EngineExit, spawnMarked } from "./spawn-marked.ts";
import type { StackPlace } from "./stack-place.ts";

/** One start of the engine. */
export interface EngineCommand {
  readonly machine: Machine;
  readonly engine: Engine;
  readonly place: StackPlace;
  /** The working folder. */
  readonly folder: string;
  /** Arguments after `pulumi`. */
  readonly args: readonly string[];
  /** What the run needs beyond the allowed environment, e.g. the broker's socket. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Aborting it sends one SIGINT, after which the engine finishes what it has begun and ends. */
  readonly signal?: AbortSignal | undefined;
  /** Gets standard output line by line. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Runs Pulumi to its end; see {@link spawnMarked}. */
export function spawnEngine(command: EngineCommand): Promise<EngineExit> {
  const { machine, engine, place, folder, args, signal, onLine } = command;
  return spawnMarked({
    command: engine.command,
    args: [...args, "--non-interactive"],
    cwd: folder,
    env: buildEngineEnvironment(machine, engine, command.env ?? {}),
    place,
    signal,
    onLine,
  });
}
