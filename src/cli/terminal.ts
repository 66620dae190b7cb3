/** The three standard streams as the command line sees them. */
export interface Terminal {
  /** A person can answer: standard input and output are terminals. */
  readonly interactive: boolean;
  /** Standard error is a terminal, so a line can be rewritten. */
  readonly live: boolean;
  readonly colors: boolean;
  /** Columns of standard error, 80 when unknown. */
  columns(): number;
  out(text: string): void;
  err(text: string): void;
}

/** The process's own streams. Colours only on a terminal, and never with NO_COLOR (https://no-color.org) or TERM=dumb. */
export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const plain = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return {
    // Looking at standard input opens it, which is done last: most runs do not read it.
    interactive: stdout.isTTY === true && process.stdin.isTTY === true,
    live: stderr.isTTY === true && env.TERM !== "dumb",
    colors: stdout.isTTY === true && stderr.isTTY === true && !plain,
    columns: () => stderr.columns ?? 80,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  };
}
