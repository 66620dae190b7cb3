/** workerd's own words about a failed start, without miniflare's frame around them. */
export function explainFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const own = text.split("Runtime stderr:\n").at(-1) ?? text;
  return own
    .split("\n")
    .map(unwrapLine)
    .join("\n")
    .replace(/service core:user:[^:]*: /g, "")
    .trim();
}

/** A line of workerd's structured log is JSON. */
function unwrapLine(line: string): string {
  try {
    const { message } = JSON.parse(line) as { readonly message?: unknown };
    return typeof message === "string" ? message : line;
  } catch {
    return line;
  }
}
