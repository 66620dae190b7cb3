/** What a command comes to: the envelope's own part, and what the program writes. */
export interface Reply {
  readonly ok: boolean;
  readonly data?: unknown;
  readonly error?: unknown;
  readonly begun?: string | undefined;
  readonly environment?: string | undefined;
}

export interface Check {
  readonly label: string;
  readonly pass: boolean;
  readonly code: string;
}

export function check(label: string, pass: boolean, code: string): Check {
  return { label, pass, code };
}

export function refuse(code: string, message: string, details: object = {}): Reply {
  return { ok: false, error: { code, details, message } };
}

/** As recorded: all checks are told, and the first that failed is the error. */
export function refusePreflight(preflight: readonly Check[]): Reply | undefined {
  const first = preflight.find(({ pass }) => !pass);
  return first === undefined ? undefined : refuse(first.code, first.label, { preflight });
}
