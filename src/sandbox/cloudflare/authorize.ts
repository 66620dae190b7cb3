import { sha256 } from "../../util/sha256.ts";
import type { TokenPolicy } from "./account-records.ts";
import { isBody } from "./body-fields.ts";
import type { Caller } from "./caller.ts";
import { type PermissionName, type PermissionScope, permissionGroup } from "./permission-groups.ts";
import type { Records } from "./records.ts";

/** What a call touches. `zoneId` is undefined for a zone that is to be made. */
export type Target =
  | { readonly kind: "account"; readonly accountId: string }
  | { readonly kind: "zone"; readonly accountId: string; readonly zoneId: string | undefined }
  | { readonly kind: "user" };

const ACCOUNT = "com.cloudflare.api.account";
const ZONE = "com.cloudflare.api.account.zone";
const USER = "com.cloudflare.api.user";

/** A person's id, stable for an e-mail address. */
export function userId(email: string): string {
  return sha256(`user ${email}`).slice(0, 32);
}

/** The person behind a caller; undefined for a token that an account owns. */
export function readPerson(caller: Caller): string | undefined {
  if (caller.kind === "oauth") return caller.email;
  return "email" in caller.token.owner ? caller.token.owner.email : undefined;
}

/** The accounts in which a caller may have rights at all: its own one, or for a person's token all of that person's. */
export function canReachAccount(records: Records, caller: Caller, accountId: string): boolean {
  const account = records.accounts.get(`cloudflare/${accountId}`);
  if (account === undefined || account.closed) return false;
  if (caller.kind === "oauth")
    return caller.accountId === accountId || caller.email === account.email;
  const { owner } = caller.token;
  return "email" in owner ? owner.email === account.email : owner.accountId === accountId;
}

/** Whether one of the groups is granted on the target. A bearer has every right in the accounts of its person; an empty list asks for the account alone. */
export function isAuthorized(
  records: Records,
  caller: Caller,
  needs: readonly PermissionName[],
  target: Target,
): boolean {
  if (target.kind !== "user" && !canReachAccount(records, caller, target.accountId)) return false;
  if (caller.kind === "oauth" || needs.length === 0) return true;
  const person = readPerson(caller);
  if (target.kind === "user" && person === undefined) return false;
  return needs.some((name) => {
    const group = permissionGroup(name);
    const applies = (policy: TokenPolicy) =>
      policy.permission_groups.some(({ id }) => id === group.id) &&
      covers(policy, group.scope, target, person);
    const { policies } = caller.token;
    const isDenied = policies.some((policy) => policy.effect === "deny" && applies(policy));
    return !isDenied && policies.some((policy) => policy.effect === "allow" && applies(policy));
  });
}

function covers(
  policy: TokenPolicy,
  scope: PermissionScope,
  target: Target,
  person: string | undefined,
): boolean {
  const has = (key: string) => policy.resources[key] === "*";
  if (scope === "user") return target.kind === "user" && has(`${USER}.${userId(person ?? "")}`);
  if (target.kind === "user") return false;
  if (scope === "account")
    return (
      target.kind === "account" && (has(`${ACCOUNT}.${target.accountId}`) || has(`${ACCOUNT}.*`))
    );
  if (target.kind !== "zone") return false;
  const nested = policy.resources[`${ACCOUNT}.${target.accountId}`];
  const isNested = isBody(nested) && nested[`${ZONE}.*`] === "*";
  return (
    isNested || has(`${ZONE}.*`) || (target.zoneId !== undefined && has(`${ZONE}.${target.zoneId}`))
  );
}
