const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** Whether an error of a connection proves that the other side received nothing. */
export function isNeverSent(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
    const codes = causes.map((one) => (one as { readonly code?: unknown }).code);
    if (codes.length > 0 && codes.every((code) => NEVER_SENT.has(String(code)))) return true;
  }
  return false;
}
