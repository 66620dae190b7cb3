import type { StackQuery } from "./compile-sources.ts";

/** A command line that goes on with the same project and stack. */
export function suggestCommand(command: string, { path, stack }: StackQuery): string {
  const words = [command, path, stack === undefined || stack === "local" ? "" : `--stack ${stack}`];
  return `npx supercargo ${words.filter((word) => word !== undefined && word !== "").join(" ")}`;
}
