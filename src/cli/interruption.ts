const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A wish to stop, from Ctrl-C or a signal. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Exit code of the signal that came, undefined when none did. */
  exitCode(): number | undefined;
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort, so that operations can take their children with them. A second Ctrl-C a second or more
 * after the first ends the process at once (one key press may arrive twice, through the terminal and through a parent).
 */
export function watchInterruption(now: () => number): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  let firstAt = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (code !== undefined && now() - firstAt >= 1_000) process.exit(code);
      if (code !== undefined) return;
      code = CODES[name];
      firstAt = now();
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return { signal: controller.signal, exitCode: () => code };
}
