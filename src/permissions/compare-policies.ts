import { RESOURCE_KINDS, VERB_CLASSES, type Verb } from "../compiler/vocabulary.ts";
import type { Money } from "../util/money.ts";
import { SUBJECT_CLASSES } from "./access-request.ts";
import { listCircumstances } from "./circumstances.ts";
import type { PermissionPolicy } from "./compile-permissions.ts";
import { type Decision, decide } from "./decide.ts";

type Outcome = Decision["outcome"];

/** Something that one policy decides otherwise than the one before it. */
export interface PermissionChange {
  readonly subject: string;
  readonly verb: Verb;
  readonly kinds: readonly string[];
  readonly stack: "local" | "live";
  readonly before: Outcome;
  readonly after: Outcome;
  /** An amount for which it is so, when the amount matters. */
  readonly amount?: Money | undefined;
}

export interface PolicyComparison {
  /** What is allowed now, or needs fewer people, and was not before; empty means that nobody gained access. */
  readonly widened: readonly PermissionChange[];
  readonly narrowed: readonly PermissionChange[];
}

/** An account stands for all that is no kind of the manifest: only rules for `*` cover it. */
const KINDS: readonly string[] = [...RESOURCE_KINDS, "account"];

const RANK: Readonly<Record<Outcome, number>> = { denied: 0, "needs-approval": 1, permitted: 2 };

/** Asks both policies about every point at which they can differ. */
export function comparePolicies(
  before: PermissionPolicy,
  after: PermissionPolicy,
): PolicyComparison {
  const changes = new Map<string, PermissionChange>();
  if (before.version === after.version) return { widened: [], narrowed: [] };
  for (const verb of Object.keys(VERB_CLASSES) as Verb[]) {
    const circumstances = listCircumstances([before, after], verb);
    for (const subject of listSubjects([before, after]))
      for (const kind of KINDS)
        for (const circumstance of circumstances) {
          const request = { subject, verb, kind, ...circumstance };
          const was = decide(before, request).outcome;
          const is = decide(after, request).outcome;
          if (was === is) continue;
          const stack = circumstance.live ? "live" : "local";
          const direction = RANK[is] > RANK[was] ? "widened" : "narrowed";
          const key = [direction, subject, verb, kind, stack].join("\n");
          if (changes.has(key)) continue;
          const { amount } = circumstance;
          const kinds = [kind];
          changes.set(key, { subject, verb, kinds, stack, before: was, after: is, amount });
        }
  }
  const inDirection = (direction: string): readonly PermissionChange[] =>
    mergeKinds([...changes].flatMap(([key, one]) => (key.startsWith(direction) ? [one] : [])));
  return { widened: inDirection("widened"), narrowed: inDirection("narrowed") };
}

/** The classes, and every single subject that a rule names. */
export function listSubjects(policies: readonly PermissionPolicy[]): readonly string[] {
  const named = policies.flatMap(({ rules }) =>
    rules.flatMap(({ subjects }) => subjects.filter((subject) => subject.includes(":"))),
  );
  return [...SUBJECT_CLASSES, ...new Set(named)];
}

function mergeKinds(changes: readonly PermissionChange[]): readonly PermissionChange[] {
  const groups = Map.groupBy(changes, ({ subject, verb, stack, before, after, amount }) =>
    [subject, verb, stack, before, after, amount?.minor, amount?.currency].join("\n"),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, kinds: group.flatMap(({ kinds }) => kinds) }];
  });
}
