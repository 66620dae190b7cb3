/** A compatibility date that the installed workerd can run, and whether it is an older one than asked for. */
export interface ClampedDate {
  readonly date: string;
  readonly isClamped: boolean;
}

/** The newest date that workerd supports is `newest`; dates compare as text, `YYYY-MM-DD`. */
export function clampCompatibilityDate(asked: string, newest: string): ClampedDate {
  return asked > newest ? { date: newest, isClamped: true } : { date: asked, isClamped: false };
}
