import type { IntentVerb } from "./ledger/ledger.ts";
import type { LeaseKind } from "./protocol.ts";

/**
 * The steps of every act, in order; each is durable before the next begins.
 *
 * - `record`: one atomic append of intent, holds, counts, alerts and log entry; freeze and caps are read inside it
 * - `export`: the log's file has the entry, and where it costs money or gives power a witness has seen it
 * - `alert`: people have heard which caps are nearly used up; not where power is only taken away
 * - `mark`: the journal knows that the call may be sent
 * - `dispatch`: the call itself
 * - `store`: the raw outcome is sealed in the journal
 * - `settle`: capture or release, lease, log entry
 */
export const STEP_NAMES = [
  "record",
  "export",
  "alert",
  "mark",
  "dispatch",
  "store",
  "settle",
] as const;
export type StepName = (typeof STEP_NAMES)[number];

export interface Step {
  readonly name: StepName;
  readonly point: "before" | "after";
  readonly kind: LeaseKind;
  readonly verb: IntentVerb;
  readonly resource: string;
}

/** `before record of create domain address`. */
export function describeStep({ name, point, kind, verb, resource }: Step): string {
  return `${point} ${name} of ${verb} ${kind} ${resource}`;
}

/** Is told before and after each step and awaited; whatever it throws ends the act there, as a crash would. */
export interface StepObserver {
  observe(step: Step): Promise<void>;
}

export const silentObserver: StepObserver = { observe: () => Promise.resolve() };
