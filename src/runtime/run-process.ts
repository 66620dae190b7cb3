/** How long what is under way may take to end after SIGTERM; Kubernetes and Docker kill after 30 and 10 seconds. */
const GRACE_MS = 9_000;

/**
 * Runs what serves until SIGTERM or SIGINT. `start` answers with what ends it, which has nine seconds. What cannot start ends the process with 1 and a
 * sentence that says why.
 */
export async function runProcess(
  start: () => Promise<{ readonly port: number; end(): Promise<void> }>,
): Promise<void> {
  try {
    const { port, end } = await start();
    process.stdout.write(`listening on port ${port}\n`);
    await nextSignal();
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    await end();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`the app cannot run: ${reason}\n`);
    process.exit(1);
  }
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}
