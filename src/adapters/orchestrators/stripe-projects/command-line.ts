import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliPlace, runCli } from "../run-cli.ts";
import { type HeldFolder, holdFolder } from "./hold-folder.ts";
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
      if (held !== undefined) release(held);
    }
  };
  let last: Promise<unknown> = sweep().catch(() => undefined);
  /** A folder that can't be written is one where nothing is started. */
  const holdFolderOf = async (own: ProjectFolder, path: string) => {
    try {
      own.make();
      return (await holdFolder(path, { timeout, patience })) ?? "busy";
    } catch {
      return "missing";
    }
  };
  const hold: CommandLine["hold"] = async (work, otherwise) => {
    if (folder === undefined || project === undefined)
      return otherwise({ kind: "lost", code: "missing" });
    const held = await holdFolderOf(project, folder);
    if (typeof held === "string") return otherwise({ kind: "lost", code: held });
    const ask: Ask = async (...args) => {
      try {
        project.tidy();
        held.prepare();
      } catch {
        return { kind: "lost", code: "missing" };
      }
      const place = { program, env, timeout, folder: project.work, onStart: held.mark };
      return readEnvelope(await run(place, ["projects", ...args, "--json"]));
    };
    try {
      return await work({ ask, project });
    } finally {
      release(held);
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

/** What can't be released stays held by a process that lives: nobody else starts anything there until it ends. */
function release(held: HeldFolder): void {
  try {
    held.release();
  } catch {
    // As above.
  }
}

/** Whatever `work` looks at, in a folder of its own; `timeout` in milliseconds for each look. Undefined without room for such a folder. */
export async function lookAround<T>(
  { program, env, run }: Pick<CommandLineOptions, "program" | "env" | "run">,
  timeout: number,
  work: (looks: Looks) => Promise<T>,
): Promise<T | undefined> {
  const folder = makeTemporary();
  if (folder === undefined) return undefined;
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
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A program that was ended may still write there; nothing of ours is in it.
    }
  }
}

function makeTemporary(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), "supercargo-stripe-"));
  } catch {
    return undefined;
  }
}
