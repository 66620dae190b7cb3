import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliPlace, runCli } from "../run-cli.ts";
import { holdFolder } from "./hold-folder.ts";
import type { ProjectFolder } from "./project-folder.ts";
import { type Envelope, type Lost, readEnvelope } from "./read-envelope.ts";

/** A command of the plugin 0.46, `stripe projects <args> --json`, without prompts, in the project's folder. */
export type Ask = (...args: readonly string[]) => Promise<Envelope>;

/** The project while nobody else runs a CLI there. */
export interface HeldProject {
  readonly ask: Ask;
  readonly project: ProjectFolder;
}

/** All commands write the same files, so whoever asks holds the folder, from the first look to what was decided by it. */
export interface CommandLine {
  /** Runs `work` alone, among all processes; `otherwise` when nothing was started: `missing`, or `busy` while another holds the folder. */
  hold<T>(work: (held: HeldProject) => Promise<T>, otherwise: (lost: Lost) => T): Promise<T>;
}

/** Looks that need no project, hence no folder: in a temporary one that is removed again. */
export interface Looks {
  readonly ask: Ask;
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

/** At once, it removes credentials that an earlier process left in the folder. */
export function openCommandLine(options: CommandLineOptions): CommandLine {
  const { program, env, timeout, folder, project, run, patience } = options;
  /** What a killed process left, unless somebody is about to read it. */
  const sweep = async (): Promise<void> => {
    if (folder === undefined || project?.isUntidy() !== true) return;
    const held = await holdFolder(folder, { timeout, patience: 0 });
    try {
      if (held !== undefined) project.tidy();
    } finally {
      held?.release();
    }
  };
  let last: Promise<unknown> = sweep().catch(() => undefined);
  const hold: CommandLine["hold"] = async (work, otherwise) => {
    if (folder === undefined || project === undefined)
      return otherwise({ kind: "lost", code: "missing" });
    project.make();
    const held = await holdFolder(folder, { timeout, patience });
    if (held === undefined) return otherwise({ kind: "lost", code: "busy" });
    const ask: Ask = async (...args) => {
      project.tidy();
      held.prepare();
      const place = { program, env, timeout, folder: project.work, onStart: held.mark };
      return readEnvelope(await run(place, ["projects", ...args, "--json"]));
    };
    try {
      return await work({ ask, project });
    } finally {
      held.release();
    }
  };
  return {
    hold(work, otherwise) {
      const next = last.then(() => hold(work, otherwise));
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
