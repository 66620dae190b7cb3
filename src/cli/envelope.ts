import type { Diagnostic, Failure, Outcome } from "../index.ts";

/** The one object that `--json` prints. Members without meaning are absent, never null. */
export interface Envelope {
  readonly ok: boolean;
  /** Name of the command; empty when none was understood. */
  readonly command: string;
  readonly version: string;
  readonly data?: unknown;
  readonly error?: Omit<Failure, "kind"> | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly warnings: readonly string[];
  readonly next_steps: readonly string[];
}

/** Wraps an outcome for `--json`. */
export function wrapOutcome(command: string, version: string, outcome: Outcome<unknown>): Envelope {
  const notes = {
    diagnostics: outcome.diagnostics,
    warnings: outcome.warnings,
    next_steps: outcome.nextSteps,
  };
  if (outcome.ok) return { ok: true, command, version, data: outcome.data, ...notes };
  const { kind: _, ...error } = outcome.failure;
  return { ok: false, command, version, error, ...notes };
}

/** As `--json` prints it: in ASCII, other characters escaped as JSON does, so that a terminal shows no text as another. */
export function renderEnvelope(envelope: Envelope): string {
  const json = JSON.stringify(envelope, undefined, 2);
  const escapeUnit = (unit: string): string =>
    `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${json.replace(/[^\n\x20-\x7e]/g, escapeUnit)}\n`;
}
