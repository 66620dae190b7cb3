/** Writes what an app or one of its connections threw to standard error, where platforms collect it. */
export function reportFailure(failure: unknown): void {
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  process.stderr.write(`${text}\n`);
}
