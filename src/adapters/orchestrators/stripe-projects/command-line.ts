import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliPlace, runCli } from "../run-cli.ts";
import { holdFolder } from "./hold-folder.ts";
import type { ProjectFolder } from "./project-folder.ts";
import { type Envelope, readEnvelope } from "./read-envelope.ts";

/** The commands of the plugin 0.46 that the adapter uses; one at a time, since all of them write the same files. */
export interface CommandLine {
  /** `stripe projects <args> --json`, without prompts, in the project's folder. `lost` with `busy`: a CLI of an earlier process still runs there, and none was started. */
  ask(...args: readonly string[]): Promise<Envelope>;
}

/** Looks that need no project, hence no folder: in a temporary one that is removed again. */
export interface Looks {
  ask(...args: readonly string[]): Promise<Envelope>;
  /** The first line that `stripe <args>` prints; undefined when it fails. */
  print(...args: readonly string[]): Promise<string | undefined>;
}

export interface CommandLineOptions extends Pick<CliPlace, "program" | "env" | "timeout"> {
  readonly run: typeof runCli;
  /** The adapter's; without one nothing can be asked. */
  readonly folder: string | undefined;
  readonly project: ProjectFolder | undefined;
  /** Milliseconds to wait for a CLI that an earlier process left running. */
  readonly patience: number;
}

export function openCommandLine(options: CommandLineOptions): CommandLine {
  const { program, env, timeout, folder, project, run, patience } = options;
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (args: readonly string[]): Promise<Envelope> => {
    if (folder === undefined || project === undefined) return { kind: "lost", code: "missing" };
    project.make();
    const held = await holdFolder(folder, { timeout, patience });
    if (held === undefined) return { kind: "lost", code: "busy" };
    try {
      project.tidy();
      held.prepare();
      const place = { program, env, timeout, folder: project.work, onStart: held.mark };
      return readEnvelope(await run(place, ["projects", ...args, "--json"]));
    } finally {
      held.release();
    }
  };
  return {
    ask(...args) {
      const next = last.then(() => ask(args));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** Whatever `work` looks at, in a folder of its own; `timeout` in milliseconds for each look. */
export async function lookAround<T>(
  { program, env, run }: Pick<CommandLineOptions, "program" | "env" | "run">,
  timeout: number,
  work: (looks: Looks) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-stripe-"));
  const place = { program, env, timeout, folder };
  try {
    return await work({
      ask: async (...args) => readEnvelope(await run(place, ["projects", ...args, "--json"])),
      async print(...args) {
        const ended = await run(place, args);
        return ended.kind === "exit" && ended.status === 0 ? ended.stdout.trim() : undefined;
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
