import type { Verb } from "../compiler/vocabulary.ts";
import type { Money } from "../util/money.ts";

/** Classes of subjects, in the order of the reference. */
export const SUBJECT_CLASSES = ["human", "agent", "sub-agent", "ci", "broker"] as const;
export type SubjectClass = (typeof SUBJECT_CLASSES)[number];

/** One person's yes to one plan. */
export interface Approval {
  readonly approver: string;
  /** Digest of the plan that was approved. */
  readonly plan: string;
  /** How long ago. */
  readonly minutes: number;
}

/** Who wants to do what to which kind of thing, and what is known about it. What is not known never helps the one who asks. */
export interface AccessRequest {
  /** A class and, if one is known, an id: `agent`, `agent:build-bot`. */
  readonly subject: string;
  readonly verb: Verb;
  /** A resource kind, or another word that only rules for `*` cover. */
  readonly kind: string;
  /** False only on the stack `local`. */
  readonly live: boolean;
  readonly project?: string | undefined;
  readonly provider?: string | undefined;
  /** What the act costs at once; undefined when the price is not known. Only verbs that spend are asked for it. */
  readonly amount?: Money | undefined;
  /** How many of the kind there are already. Only what creates is asked for it. */
  readonly count?: number | undefined;
  /** The act can't be undone, whatever its verb's class. */
  readonly irreversible?: boolean | undefined;
  /** Digest of the plan that the act is part of. */
  readonly plan?: string | undefined;
  readonly approvals?: readonly Approval[] | undefined;
}

/** The class in `agent:build-bot`. */
export function classOf(subject: string): string {
  const end = subject.indexOf(":");
  return end < 0 ? subject : subject.slice(0, end);
}
