import type { Verb } from "../compiler/vocabulary.ts";
import type { AccessRequest } from "./access-request.ts";
import type { PermissionPolicy } from "./compile-permissions.ts";
import { type Decision, decide } from "./decide.ts";

/** A sub-agent of a sub-agent, and so on: at most so many in a row. */
export const DELEGATION_DEPTH_MAX = 5;

/** The longest that a sub-agent may act, whatever is asked for. */
export const DELEGATION_SECONDS_MAX = 900;

/** What one sub-agent gets of what its parent has. Lists say all there is; a list that is left out takes nothing away. */
export interface Delegation {
  /** Id of the sub-agent, for rules such as `sub-agent:helper`. */
  readonly id: string;
  readonly verbs?: readonly Verb[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** Names of resources in the manifest, without their parts. */
  readonly resources?: readonly string[] | undefined;
  /** Provider permissions, as `group/scope`, that its access tokens may have. */
  readonly tokenScopes?: readonly string[] | undefined;
}

/** What a whole line of sub-agents may ask for. */
export interface DelegatedRequest extends AccessRequest {
  /** The manifest resource that the request is about; undefined for what belongs to none. */
  readonly resource?: string | undefined;
}

/**
 * Asks the matrix for the agent at the root and for every sub-agent down to the one that asks; each must be permitted, and each delegation
 * must cover the request. So whatever a child may, its parent may: another link only adds a condition. `request.subject` is the root.
 */
export function decideDelegated(
  policy: PermissionPolicy,
  chain: readonly Delegation[],
  request: DelegatedRequest,
): Decision {
  let decision = decide(policy, request);
  for (const [depth, link] of chain.entries()) {
    if (decision.outcome !== "permitted") return decision;
    const subject = `sub-agent:${link.id}`;
    const own = decide(policy, { ...request, subject });
    if (depth >= DELEGATION_DEPTH_MAX || !delegates(link, request))
      return { ...own, outcome: "denied", rule: undefined, lacks: [], id: own.id };
    decision = own;
  }
  return decision;
}

/** True when a delegation covers the request, the matrix aside. */
export function delegates(
  { verbs, kinds, resources }: Delegation,
  { verb, kind, resource }: DelegatedRequest,
): boolean {
  return (
    (verbs?.includes(verb) ?? true) &&
    (kinds?.includes(kind) ?? true) &&
    (resources === undefined || (resource !== undefined && resources.includes(resource)))
  );
}

/** Which resources of the manifest need a permission of an access token. */
export type NeededBy = (permission: {
  readonly group: string;
  readonly scope: string;
}) => readonly string[];

/**
 * Permissions that remain of those asked for when every delegation has taken its part: those it names, and those that one of its resources
 * needs by the manifest's edges.
 */
export function narrowTokenScopes<T extends { readonly group: string; readonly scope: string }>(
  chain: readonly Delegation[],
  wanted: readonly T[],
  neededBy: NeededBy,
): readonly T[] {
  return wanted.filter((permission) => {
    const users = neededBy(permission);
    const name = `${permission.group}/${permission.scope}`;
    return chain.every(
      ({ tokenScopes, resources }) =>
        (tokenScopes?.includes(name) ?? true) &&
        (resources === undefined || users.some((user) => resources.includes(user))),
    );
  });
}
