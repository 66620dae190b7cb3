import type { Verb } from "../compiler/vocabulary.ts";
import type { SourceLocation } from "../diagnostics/diagnostic.ts";
import type { Money } from "../util/money.ts";

/** Why a person must approve something. */
export type ApprovalReason = "paid" | "unknown-price" | "irreversible";

/** When a rule applies; what is left out does not matter. All of them must hold. */
export interface RuleConditions {
  readonly stack?: "local" | "live" | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly projects?: readonly string[] | undefined;
  /** Verbs that spend: up to this amount. */
  readonly maxAmount?: Money | undefined;
  /** Verbs that spend: only above this amount, or in another currency. */
  readonly above?: Money | undefined;
  /** Only when there are at least so many already. */
  readonly from?: number | undefined;
  /** Only when the price is not known. */
  readonly unpriced?: true | undefined;
  /** Only what cannot be undone. */
  readonly irreversible?: true | undefined;
}

/** Approvals that take a rule away: of so many different people in the set, the one who asks excluded, for this very plan. */
export interface ApprovalNeeded {
  readonly reason: ApprovalReason;
  readonly count: number;
  readonly withinMinutes: number;
}

/** Where a rule stands: in the file, among the defaults that hold without one, or in the program, where no file can lift it. */
export type RuleOrigin =
  | { readonly kind: "guardrails"; readonly location: SourceLocation }
  | { readonly kind: "default" }
  | { readonly kind: "built-in" }
  /** `caps` and `counts` of the guardrails. */
  | { readonly kind: "limits" }
  /** `approvals` of the guardrails. */
  | { readonly kind: "approvals" };

/** One rule, as plain data. The order of rules means nothing. */
export interface AccessRule {
  /** Stable while the rules are the same, `rule-3`, `agents-never`. */
  readonly id: string;
  /** `forbid` beats `permit`; an approval rule is a forbid until people approve. */
  readonly effect: "permit" | "forbid" | "approval";
  /** `*`, classes, or one of a class: `agent:build-bot`. */
  readonly subjects: readonly string[];
  readonly verbs: readonly Verb[];
  /** `*` or kinds. */
  readonly kinds: readonly string[];
  readonly when: RuleConditions;
  /** Of an approval rule. */
  readonly approval?: ApprovalNeeded | undefined;
  readonly origin: RuleOrigin;
}

/** Where a rule stands, for people: `guardrails.yaml:12`. */
export function describeOrigin({ id, origin }: AccessRule): string {
  switch (origin.kind) {
    case "guardrails":
      return `${origin.location.file}:${origin.location.range.start.line}`;
    case "default":
      return "default";
    case "built-in":
      return `built in (${id})`;
    case "limits":
      return "caps and counts of the guardrails";
    case "approvals":
      return "approvals of the guardrails";
  }
}
