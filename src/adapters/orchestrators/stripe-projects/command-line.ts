import type { CliPlace, runCli } from "../run-cli.ts";
import { type Envelope, readEnvelope } from "./read-envelope.ts";

/** The commands of the plugin 0.46 that the adapter uses; one at a time, since all of them write the same files. */
export interface CommandLine {
  /** `stripe projects <args> --json`, without prompts. */
  ask(...args: readonly string[]): Promise<Envelope>;
  /** The first line that `stripe <args>` prints; undefined when it fails. */
  print(...args: readonly string[]): Promise<string | undefined>;
}

export function openCommandLine(place: CliPlace, run: typeof runCli): CommandLine {
  let last: Promise<unknown> = Promise.resolve();
  const queue = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    ask: (...args) =>
      queue(async () => readEnvelope(await run(place, ["projects", ...args, "--json"]))),
    print: (...args) =>
      queue(async () => {
        const ended = await run(place, args);
        return ended.kind === "exit" && ended.status === 0 ? ended.stdout.trim() : undefined;
      }),
  };
}
