import { quoteShell } from "./quote-shell.ts";

/** A path as an argument in a command that people copy into a POSIX shell: quoted where it must be, and never taken for an option. */
export function shellPath(path: string): string {
  const named = path.startsWith("-") ? `./${path}` : path;
  return /^[\w./-]+$/.test(named) ? named : quoteShell(named);
}
