import { join } from "node:path";

/** The command line as a clone runs it, without the step that looks for missing packages. */
export const CLI: readonly [string, ...string[]] = [
  process.execPath,
  join(import.meta.dirname, "../src/cli/main.ts"),
];
