import type { StackQuery } from "./compile-sources.ts";

/** A command line that goes on with the same project and stack. */
export function suggestCommand(
  command: string,
  { path, stack, engine, person }: StackQuery,
): string {
  const isForPerson = person === true && (command === "up" || command === "preview");
  const words = [
    ...[command, path, stack === undefined || stack === "local" ? "" : `--stack ${stack}`],
    engine === undefined ? "" : `--engine ${engine}`,
    isForPerson ? "--person" : "",
  ];
  return `npx supercargo ${words.filter((word) => word !== undefined && word !== "").join(" ")}`;
}
