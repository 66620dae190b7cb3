import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Json } from "../util/canonical-json.ts";

/**
 * Whose turn it is after a failure: `refused` the input or the policy says no; `usage` the question itself is wrong; `person` a human
 * is needed (approval, consent, claim); `remote` a provider, an orchestrator or the engine failed.
 */
export type FailureKind = "refused" | "usage" | "person" | "remote";

/** Why an operation did not do what was asked. */
export interface Failure {
  readonly kind: FailureKind;
  /** Stable, lower-case with hyphens, e.g. `approval-needed`; programs switch on it. */
  readonly code: string;
  /** One plain sentence. */
  readonly message: string;
  /** What to do, one imperative sentence. */
  readonly remedy?: string | undefined;
  readonly details?: Json | undefined;
}

interface Notes {
  readonly diagnostics: readonly Diagnostic[];
  /** Things to know that stop nothing, one sentence each. */
  readonly warnings: readonly string[];
  /** Commands or acts that come next, most useful first. */
  readonly nextSteps: readonly string[];
}

export interface Success<T> extends Notes {
  readonly ok: true;
  readonly data: T;
}

export interface Refusal extends Notes {
  readonly ok: false;
  readonly failure: Failure;
}

/** What an operation answers: it throws only for a bug. */
export type Outcome<T> = Success<T> | Refusal;

/** A success; notes default to none. */
export function succeed<T>(data: T, notes: Partial<Notes> = {}): Success<T> {
  return { ok: true, data, diagnostics: [], warnings: [], nextSteps: [], ...notes };
}

/** A failure; notes default to none. */
export function refuse(failure: Failure, notes: Partial<Notes> = {}): Refusal {
  return { ok: false, failure, diagnostics: [], warnings: [], nextSteps: [], ...notes };
}
