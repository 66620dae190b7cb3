import { narrowTokenScopes } from "../permissions/delegation.ts";
import type { BrokerContext } from "./context.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import type { Lease } from "./ledger/ledger.ts";
import type { BrokerRequest, LeaseInputs } from "./protocol.ts";
import type { Caller } from "./session.ts";

type TokenInputs = LeaseInputs["access-token"];

/**
 * What a client may ask of its request: its own project, stack and verbs. An access token for a sub-agent becomes one of its own, with the
 * rights that all tokens above it have and every delegation leaves, for no longer than any of them and the sub-agent's session.
 */
export async function narrowRequest(
  context: BrokerContext,
  caller: Caller,
  request: BrokerRequest,
): Promise<BrokerRequest | BrokerFailure> {
  const { identity, kind, verb } = request;
  const isOwn = identity.project === caller.project && identity.stack === caller.stack;
  if (!isOwn || !caller.verbs.includes(verb)) return fail("session_refused");
  const { delegations } = caller;
  if (delegations.length === 0) return request;
  // Secrets in answers are for the run itself; a sub-agent gets the value of no token but its own.
  if (kind !== "access-token")
    return verb === "read" || kind === "secret" || kind === "service-instance"
      ? fail("session_refused")
      : request;
  const lines = delegations.map((_, depth) => delegations.slice(0, depth));
  const names = lines.map((line) => nameToken(identity.resource, line));
  const own = { ...identity, resource: nameToken(identity.resource, delegations) };
  if (request.verb === "read" || request.verb === "delete") return { ...request, identity: own };
  const above: Lease[] = [];
  for (const [depth, resource] of names.entries()) {
    const lease = await context.ledger.latestLease({ ...identity, resource }, "access-token");
    if (lease?.state === "live") above.push(lease);
    else if (depth === 0) return fail("session_refused");
  }
  const inputs = narrowInputs(context, request.inputs as TokenInputs, above, caller);
  if (inputs === undefined) return fail("not_permitted", { verb: "issue-token", kind });
  return { ...request, identity: own, inputs };
}

/** Tokens of sub-agents, which end with the run. */
export function isSubAgentToken({ kind, identity }: Pick<Lease, "kind" | "identity">): boolean {
  return kind === "access-token" && identity.resource.includes("/");
}

/** `cloudflare.access-token/helper/clerk`; no name of the engine's has a slash. */
function nameToken(resource: string, line: readonly { readonly id: string }[]): string {
  return [resource, ...line.map(({ id }) => id)].join("/");
}

function narrowInputs(
  { clock, neededBy }: BrokerContext,
  wanted: TokenInputs,
  above: readonly Lease[],
  { delegations, expiresAt }: Caller,
): TokenInputs | undefined {
  const now = clock.now();
  let { permissions, zones } = wanted;
  let end = expiresAt;
  for (const lease of above) {
    const { permissions: had, zones: reached } = lease.inputs as unknown as TokenInputs;
    permissions = permissions.filter(({ group, scope }) =>
      had.some((one) => one.group === group && one.scope === scope),
    );
    zones = zones.filter((zone) => reached.includes(zone));
    end = Math.min(end, lease.expiresAt ?? now);
  }
  permissions = narrowTokenScopes(delegations, permissions, neededBy);
  const ttlSeconds = Math.min(wanted.ttlSeconds, Math.floor((end - now) / 1000));
  if (permissions.length === 0 || ttlSeconds < 1) return undefined;
  return { ...wanted, permissions, zones, ttlSeconds };
}
