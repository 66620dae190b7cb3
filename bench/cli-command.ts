import { join } from "node:path";

/** The command line as a clone runs it. */
export const CLI: readonly [string, ...string[]] = [
  process.execPath,
  join(import.meta.dirname, "../src/bootstrap.mjs"),
];
