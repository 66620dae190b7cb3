import { RESOURCE_KINDS, VERB_CLASSES, type Verb } from "../compiler/vocabulary.ts";
import type { Money } from "../util/money.ts";
import { describeOrigin } from "./access-rule.ts";
import { type Circumstance, listCircumstances, OTHER } from "./circumstances.ts";
import type { PermissionPolicy } from "./compile-permissions.ts";
import { type Decision, decide } from "./decide.ts";

/** What the matrix says of one field: `conditional` when it depends on what a rule's `when` asks for. */
export interface MatrixAnswer {
  readonly answer: "yes" | "within caps" | "needs approval" | "never";
  readonly conditional: boolean;
  /** Where the rule that decides stands: `guardrails.yaml:12`, `default`; null when no rule permits it. */
  readonly rule: string | null;
}

/** One field, or several kinds with the same one. */
export interface MatrixCell extends MatrixAnswer {
  readonly subject: string;
  readonly verb: Verb;
  /** Irreversibility, `R0` to `R4`. */
  readonly class: string;
  readonly kinds: readonly string[];
}

/** Where the matrix is looked at from. */
export interface Viewpoint {
  readonly subjects: readonly string[];
  readonly live: boolean;
  readonly project: string;
  /** Providers that the manifest uses. */
  readonly providers: readonly string[];
  /** The currency of the caps. */
  readonly currency: string;
}

/** Prints the whole matrix for one project and stack, kinds with equal answers together. */
export function tabulate(policy: PermissionPolicy, viewpoint: Viewpoint): readonly MatrixCell[] {
  return (Object.keys(VERB_CLASSES) as Verb[]).flatMap((verb) => {
    const circumstances = circumstancesAt(policy, verb, viewpoint);
    return viewpoint.subjects.flatMap((subject) => {
      const answers = RESOURCE_KINDS.map((kind) => ({
        kind,
        ...answerFor(policy, circumstances, { subject, verb, kind }),
      }));
      const groups = Map.groupBy(answers, ({ answer, rule, conditional }) =>
        [answer, rule, conditional].join("\n"),
      );
      return [...groups.values()].flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const { answer, rule, conditional } = first;
        const kinds = group.map(({ kind }) => kind);
        return [{ subject, verb, class: VERB_CLASSES[verb], kinds, answer, rule, conditional }];
      });
    });
  });
}

/** The smallest purchase at every provider that somebody names, on the viewpoint's stack, when there is nothing yet. */
function circumstancesAt(
  policy: PermissionPolicy,
  verb: Verb,
  { live, project, providers, currency }: Viewpoint,
): readonly Circumstance[] {
  const named = listCircumstances([policy], verb).map(({ provider }) => provider);
  const all = new Set([...named, ...providers, OTHER].filter((one) => one !== undefined));
  const amount: Money = { currency, minor: 1n };
  const common = { live, project, amount, count: 0 };
  return [...all].map((provider) => ({ ...common, provider }));
}

const RANK: Readonly<Record<Decision["outcome"], number>> = {
  permitted: 2,
  "needs-approval": 1,
  denied: 0,
};

/** The best that can be had, and whether it can be had always. */
function answerFor(
  policy: PermissionPolicy,
  circumstances: readonly Circumstance[],
  field: { readonly subject: string; readonly verb: Verb; readonly kind: string },
): MatrixAnswer {
  const decisions = circumstances
    .map((circumstance) => decide(policy, { ...field, ...circumstance }))
    .toSorted((a, b) => RANK[b.outcome] - RANK[a.outcome]);
  const [best] = decisions;
  if (best === undefined) return { answer: "never", conditional: false, rule: null };
  const rule = best.rule === undefined ? null : describeOrigin(best.rule);
  const conditional = decisions.at(-1)?.outcome !== best.outcome;
  if (best.outcome === "denied") return { answer: "never", conditional, rule };
  if (best.outcome === "needs-approval") return { answer: "needs approval", conditional, rule };
  const isCapped = VERB_CLASSES[field.verb] === "R2";
  return { answer: isCapped ? "within caps" : "yes", conditional, rule };
}
