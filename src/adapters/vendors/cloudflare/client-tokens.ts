import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { TokenAnswer, VendorClient } from "../contract.ts";
import type { CloudflareCall, Failure } from "./client-call.ts";

type TokenCalls = Pick<
  VendorClient,
  "issueToken" | "findToken" | "readToken" | "renewToken" | "revokeToken"
>;
type IssueInput = Parameters<VendorClient["issueToken"]>[0];

/** Looks a zone up by name. */
export type FindZone = (
  call: CloudflareCall,
  input: { readonly credential: Secret; readonly accountId: string },
  name: string,
) => Promise<
  { readonly kind: "found"; readonly id: string } | { readonly kind: "absent" } | Failure
>;

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const VALUE = /^[A-Za-z0-9_-]{20,128}$/;
const PAGES_MAX = 40;
const PAGE_SIZE = 50;
const NEVER_EXPIRES = "9999-12-31T23:59:59Z";
const ACCOUNT_SCOPE = "com.cloudflare.api.account";
const ZONE_SCOPE = "com.cloudflare.api.account.zone";

/** Account-owned tokens, `/accounts/{id}/tokens`. */
export function createTokenCalls(call: CloudflareCall, findZone: FindZone): TokenCalls {
  const readToken: TokenCalls["readToken"] = async ({ credential, accountId, tokenId }) => {
    const answer = await call({ credential, path: tokenPath(accountId, tokenId) });
    return answer.kind === "result" ? readFound(answer.result) : answer;
  };

  return {
    readToken,

    async issueToken(input) {
      const policies = await buildPolicies(call, findZone, input);
      if ("kind" in policies) return policies;
      const { credential, accountId, name, expiresAt } = input;
      const body = { name, policies, expires_on: toSeconds(expiresAt) };
      const path = tokenPath(accountId);
      const answer = await call({ credential, method: "POST", path, body });
      if (answer.kind === "absent") return { kind: "refused", code: "not_found" };
      if (answer.kind !== "result") return answer;
      const tokenId = textAt(answer.result, ["id"], ID);
      const value = textAt(answer.result, ["value"], VALUE);
      if (tokenId === undefined || value === undefined || !expiresBy(answer.result, expiresAt))
        return { kind: "unknown", code: "malformed" };
      return { kind: "issued", tokenId, value: new Secret(value) };
    },

    async findToken({ credential, accountId, name }) {
      for (let page = 1; page <= PAGES_MAX; page++) {
        const path = `${tokenPath(accountId)}?include_expired=true&per_page=${PAGE_SIZE}&page=${page}`;
        const answer = await call({ credential, path });
        if (answer.kind === "absent") return { kind: "unknown", code: "malformed" };
        if (answer.kind !== "result") return answer;
        const tokens = listAt(answer.result);
        if (tokens === undefined) return { kind: "unknown", code: "malformed" };
        const token = tokens.find((one) => memberAt(one, "name") === name);
        if (token !== undefined) return readFound(token);
        if (tokens.length < PAGE_SIZE) return { kind: "absent" };
      }
      return { kind: "unknown", code: "too_many" };
    },

    async renewToken({ credential, accountId, tokenId, expiresAt }) {
      const path = tokenPath(accountId, tokenId);
      const current = await call({ credential, path });
      if (current.kind !== "result") return current;
      const name = textAt(current.result, ["name"]);
      const policies = copyPolicies(current.result);
      if (name === undefined || policies === undefined)
        return { kind: "unknown", code: "malformed" };
      const condition = memberAt(current.result, "condition");
      const body = {
        name,
        policies,
        status: "active",
        expires_on: toSeconds(expiresAt),
        ...(condition === undefined || condition === null ? {} : { condition }),
      };
      const answer = await call({ credential, method: "PUT", path, body });
      return answer.kind === "result" ? readToken({ credential, accountId, tokenId }) : answer;
    },

    async revokeToken({ credential, accountId, tokenId }) {
      const path = tokenPath(accountId, tokenId);
      const asked = await call({ credential, method: "DELETE", path });
      const seen = await readToken({ credential, accountId, tokenId });
      if (seen.kind !== "found") return seen;
      return asked.kind === "refused" ? asked : { kind: "unknown", code: "still_present" };
    },
  };
}

function tokenPath(accountId: string, tokenId?: string): string {
  const base = `/accounts/${encodeURIComponent(accountId)}/tokens`;
  return tokenId === undefined ? base : `${base}/${encodeURIComponent(tokenId)}`;
}

/** Cloudflare's times have whole seconds. */
function toSeconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

function expiresBy(token: unknown, expiresAt: string): boolean {
  const expiry = Date.parse(textAt(token, ["expires_on"]) ?? "");
  return expiry <= Date.parse(expiresAt);
}

function readFound(token: unknown): TokenAnswer {
  const tokenId = textAt(token, ["id"], ID);
  const status = memberAt(token, "status") ?? "active";
  if (
    tokenId === undefined ||
    (status !== "active" && status !== "disabled" && status !== "expired")
  )
    return { kind: "unknown", code: "malformed" };
  const expiresAt = textAt(token, ["expires_on"]) ?? NEVER_EXPIRES;
  if (Number.isNaN(Date.parse(expiresAt))) return { kind: "unknown", code: "malformed" };
  return { kind: "found", tokenId, status, expiresAt };
}

/** Policies as they are, without what only the answer holds. */
function copyPolicies(token: unknown): readonly unknown[] | undefined {
  return listAt(token, "policies")?.map((policy) => ({
    effect: memberAt(policy, "effect"),
    permission_groups: (listAt(policy, "permission_groups") ?? []).map((group) => ({
      id: memberAt(group, "id"),
    })),
    resources: memberAt(policy, "resources"),
  }));
}

/** Group names become ids; zone-scoped groups get exactly the named zones, never all of them. */
async function buildPolicies(
  call: CloudflareCall,
  findZone: FindZone,
  input: IssueInput,
): Promise<readonly unknown[] | Failure> {
  const { credential, accountId, permissions, zones } = input;
  const path = `${tokenPath(accountId)}/permission_groups`;
  const answer = await call({ credential, path });
  if (answer.kind === "absent") return { kind: "refused", code: "not_found" };
  if (answer.kind !== "result") return answer;
  const groups = listAt(answer.result);
  if (groups === undefined) return { kind: "unknown", code: "malformed" };

  const zoneResources: Record<string, string> = {};
  for (const name of zones) {
    const zone = await findZone(call, { credential, accountId }, name);
    if (zone.kind === "absent") return { kind: "refused", code: "zone_not_found" };
    if (zone.kind !== "found") return zone;
    zoneResources[`${ZONE_SCOPE}.${zone.id}`] = "*";
  }
  const policies: unknown[] = [];
  for (const scope of ["account", "zone"] as const) {
    const wanted = permissions.filter((permission) => permission.scope === scope);
    if (wanted.length === 0) continue;
    if (scope === "zone" && zones.length === 0) return { kind: "refused", code: "no_zone" };
    const ids = wanted.map((permission) => findGroup(groups, permission.group, scope));
    if (ids.includes(undefined)) return { kind: "refused", code: "unknown_permission_group" };
    policies.push({
      effect: "allow",
      permission_groups: ids.map((id) => ({ id })),
      resources: scope === "account" ? { [`${ACCOUNT_SCOPE}.${accountId}`]: "*" } : zoneResources,
    });
  }
  return policies.length === 0 ? { kind: "refused", code: "no_permission" } : policies;
}

function findGroup(
  groups: readonly unknown[],
  name: string,
  scope: "account" | "zone",
): string | undefined {
  const wanted = scope === "account" ? ACCOUNT_SCOPE : ZONE_SCOPE;
  const group = groups.find(
    (one) => memberAt(one, "name") === name && listAt(one, "scopes")?.includes(wanted),
  );
  return textAt(group, ["id"], ID);
}
