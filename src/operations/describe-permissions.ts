import type { Model } from "../compiler/2-model/model.ts";
import {
  comparePolicies,
  listSubjects,
  type PermissionChange,
} from "../permissions/compare-policies.ts";
import { type MatrixCell, tabulate } from "../permissions/tabulate.ts";
import { formatMoney } from "../util/money.ts";
import { nameScopes, recallPermissions } from "./applied-permissions.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { listTokenScopes, type TokenScope } from "./token-scopes.ts";
import type { Workplace } from "./workplace.ts";

/** A change of the matrix, its amount as text. */
export type MatrixChange = Omit<PermissionChange, "amount"> & {
  readonly amount?: string | undefined;
};

export interface PermissionReport {
  readonly project: string;
  readonly stack: string;
  /** Digest of the compiled rules. */
  readonly policy: string;
  /** In the order of the columns. */
  readonly subjects: readonly string[];
  readonly matrix: readonly MatrixCell[];
  readonly tokens: readonly TokenScope[];
  /** Against what held at the last `up` of this stack; null when there was none. */
  readonly changes: {
    readonly policy: string;
    readonly widened: readonly MatrixChange[];
    readonly narrowed: readonly MatrixChange[];
    readonly scopesAdded: readonly string[];
    readonly scopesRemoved: readonly string[];
  } | null;
}

/** Who may do what here, with which tokens, and what of it is new since the stack was last applied. Reads only. */
export async function describePermissions(
  workplace: Workplace,
  query: StackQuery,
): Promise<Outcome<PermissionReport>> {
  const compiled = await compileSources(workplace, query, { emit: false });
  if ("ok" in compiled) return compiled;
  const { model, lowered, diagnostics } = compiled;
  const subjects = subjectsOf(model);
  const providers = [...new Set(model.resources.map(({ provider }) => provider))];
  const { live, name: project, permissions, limits } = model;
  const { currency } = limits.total;
  return succeed(
    {
      ...{ project, stack: model.stack, policy: permissions.version, subjects },
      matrix: tabulate(permissions, { subjects, live, project, providers, currency }),
      tokens: listTokenScopes(model, lowered),
      changes: describeChanges(compiled),
    },
    { diagnostics: diagnostics.filter(({ severity }) => severity === "error") },
  );
}

/** The manifest's own agent stands for its class; others have a column when a rule names them. */
function subjectsOf({ agent, permissions }: Model): readonly string[] {
  const own = `agent:${agent.id}`;
  const all = listSubjects([permissions]).filter((subject) => subject !== own);
  return all.map((subject) => (subject === "agent" ? own : subject));
}

function describeChanges(compiled: CompiledProject): PermissionReport["changes"] {
  const { model, lowered } = compiled;
  const last = recallPermissions(compiled);
  if (last === undefined) return null;
  const { widened, narrowed } = comparePolicies(last.policy, model.permissions);
  const scopes = nameScopes(model, lowered);
  return {
    policy: last.policy.version,
    widened: widened.map(showAmount),
    narrowed: narrowed.map(showAmount),
    scopesAdded: scopes.filter((scope) => !last.scopes.includes(scope)),
    scopesRemoved: last.scopes.filter((scope) => !scopes.includes(scope)),
  };
}

function showAmount({ amount, ...change }: PermissionChange): MatrixChange {
  return { ...change, amount: amount && formatMoney(amount) };
}
