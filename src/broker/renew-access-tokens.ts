import { accessTokenHandler, ensureToken } from "./acts/access-token.ts";
import type { BrokerContext } from "./context.ts";
import type { BrokerFailure } from "./errors.ts";
import { isSubAgentToken } from "./narrow-request.ts";
import { refuseVerb } from "./policy.ts";
import type { LeaseInputs } from "./protocol.ts";

export interface RenewalReport {
  /** Resources whose token lives longer now, value unchanged. */
  readonly renewed: readonly string[];
  /** Resources whose token is another one now; the stack must be refreshed to see its value. */
  readonly reminted: readonly string[];
  readonly failed: readonly { readonly resource: string; readonly failure: BrokerFailure }[];
}

/** Lets every live access token of a stack live for its full time from now. What sub-agents of an earlier run had is revoked instead. */
export async function renewAccessTokens(
  context: BrokerContext,
  project: string,
  stack: string,
): Promise<RenewalReport | BrokerFailure> {
  const refusal = refuseVerb(context, "access-token", "issue-token", {});
  if (refusal !== undefined) return refusal;
  const own = (await context.ledger.openLeases()).filter(
    ({ kind, state, identity }) =>
      kind === "access-token" &&
      state === "live" &&
      identity.project === project &&
      identity.stack === stack,
  );
  const leases = own.filter((lease) => !isSubAgentToken(lease));
  for (const lease of own)
    if (isSubAgentToken(lease))
      await context.exclusively(
        `lease/${project}/${stack}/access-token/${lease.identity.resource}`,
        () => accessTokenHandler.remove(context, lease),
      );
  const done = await Promise.all(
    leases.map(async (lease) => {
      const { resource } = lease.identity;
      const outcome = await context.exclusively(
        `lease/${project}/${stack}/access-token/${resource}`,
        () => ensureToken(context, lease, lease.inputs as unknown as LeaseInputs["access-token"]),
      );
      return { resource, outcome };
    }),
  );
  const named = (wanted: string): readonly string[] =>
    done.filter(({ outcome }) => outcome === wanted).map(({ resource }) => resource);
  return {
    renewed: named("renewed"),
    reminted: named("reminted"),
    failed: done.flatMap(({ resource, outcome }) =>
      typeof outcome === "string" ? [] : [{ resource, failure: outcome }],
    ),
  };
}
