import { isIP, isIPv6 } from "node:net";
import type { TokenPolicy, TokenRecord } from "./account-records.ts";
import type { Api } from "./api.ts";
import { userId } from "./authorize.ts";
import { type Body, isBody, list, object, text, texts } from "./body-fields.ts";
import { findPermissionGroup } from "./permission-groups.ts";

/** What the body of a token request says. */
export type TokenBody = Pick<
  TokenRecord,
  "name" | "policies" | "isDisabled" | "expiresOn" | "notBefore" | "condition"
>;

/** Reads the body of `POST` and `PUT .../tokens`; a text says what is wrong with it. Rights outside the owner's reach are refused. */
export function readTokenBody(
  api: Api,
  owner: TokenRecord["owner"],
  body: unknown,
): TokenBody | string {
  const name = text(body, "name");
  if (name === undefined || name === "" || name.length > 120)
    return "name must have 1 to 120 characters";
  const given = list(body, "policies");
  if (given.length === 0) return "policies must not be empty";
  const policies: TokenPolicy[] = [];
  for (const policy of given) {
    const read = readPolicy(api, owner, policy);
    if (typeof read === "string") return read;
    policies.push(read);
  }
  const expiresOn = readTime(body, "expires_on");
  const notBefore = readTime(body, "not_before");
  if (expiresOn === null || notBefore === null) return "a time must be written as RFC 3339";
  const condition = readCondition(body);
  if (typeof condition === "string") return condition;
  const status = text(body, "status") ?? "active";
  if (!["active", "disabled", "expired"].includes(status)) return "status is unknown";
  return { name, policies, isDisabled: status === "disabled", expiresOn, notBefore, condition };
}

/** Undefined when absent, null when it is no time. */
function readTime(body: unknown, name: string): string | undefined | null {
  const value = isBody(body) ? body[name] : undefined;
  if (value === undefined || value === null) return undefined;
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value);
  return isTime && !Number.isNaN(Date.parse(value)) ? value : null;
}

function readCondition(body: unknown): Body | undefined | string {
  const condition = object(body, "condition");
  const rule = condition?.request_ip ?? condition?.["request.ip"];
  const networks = [...texts(rule, "in"), ...texts(rule, "not_in")];
  if (networks.length === 0) return undefined;
  return networks.every(isNetwork) ? condition : "condition holds something that is no network";
}

function isNetwork(network: string): boolean {
  const [address = "", bits, ...rest] = network.split("/");
  if (isIP(address) === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32))
  );
}

function readPolicy(api: Api, owner: TokenRecord["owner"], policy: unknown): TokenPolicy | string {
  const effect = text(policy, "effect");
  const resources = object(policy, "resources");
  const groups = list(policy, "permission_groups").map((group) =>
    findPermissionGroup(text(group, "id") ?? ""),
  );
  if (effect !== "allow" && effect !== "deny") return "effect must be allow or deny";
  if (groups.length === 0) return "permission_groups must not be empty";
  if (resources === undefined || Object.keys(resources).length === 0)
    return "resources must not be empty";
  for (const [key, value] of Object.entries(resources)) {
    const problem = checkResource(api, owner, key, value);
    if (problem !== undefined) return problem;
  }
  const ids = groups.flatMap((group) => (group === undefined ? [] : [{ id: group.id }]));
  if (ids.length < groups.length) return "a permission group does not exist";
  return { id: api.newId(), effect, resources, permission_groups: ids };
}

const RESOURCE = /^com\.cloudflare\.api\.(account\.zone|account|user)\.(\*|[0-9a-f]{32})$/;

/** A token reaches what its owner has: an account's token that account, a person's token that person's accounts. */
function checkResource(
  api: Api,
  owner: TokenRecord["owner"],
  key: string,
  value: unknown,
): string | undefined {
  const [, kind, id = ""] = RESOURCE.exec(key) ?? [];
  const isNested = kind === "account" && isBody(value);
  if (kind === undefined || (value !== "*" && !isNested))
    return `resource ${key} is not understood`;
  if (kind === "user")
    return "email" in owner && id === userId(owner.email)
      ? undefined
      : `resource ${key} is not yours`;
  if (id === "*") return undefined;
  const accountId = kind === "account" ? id : api.records.zones.get(id)?.accountId;
  const account = api.records.accounts.get(`cloudflare/${accountId}`);
  const isOwn = "email" in owner ? account?.email === owner.email : owner.accountId === accountId;
  return isOwn && account !== undefined ? undefined : `resource ${key} is not yours`;
}
