import { killProcess } from "../support/kill-process.ts";
import { listDescendants } from "../support/list-processes.ts";

/** The processes of one `up` that may die at any moment. */
export const VICTIMS = ["command line", "engine", "provider"] as const;
export type Victim = (typeof VICTIMS)[number];

const PATTERNS: Readonly<Record<Exclude<Victim, "command line">, RegExp>> = {
  engine: /(^|\/)pulumi (up|update|preview)\b/,
  provider: /dynamic-provider/,
};

/** Kills the victim of the run whose command line has this pid, with SIGKILL. False when there is no such process now. */
export function killVictim(victim: Victim, commandLine: number): boolean {
  const family = listDescendants(commandLine);
  const pattern = victim === "command line" ? undefined : PATTERNS[victim];
  const targets =
    pattern === undefined
      ? family.filter(({ pid }) => pid === commandLine)
      : family.filter(({ command }) => pattern.test(command));
  return targets.map(({ pid }) => killProcess(pid)).includes(true);
}
