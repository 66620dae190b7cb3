import { sha256 } from "../../../util/sha256.ts";
import type { TokenRecord } from "../account-records.ts";
import type { Api } from "../api.ts";
import { readPerson } from "../authorize.ts";
import { readTokenStatus } from "../caller.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import {
  findPermissionGroup,
  PERMISSION_GROUPS,
  type PermissionName,
  printPermissionGroup,
} from "../permission-groups.ts";
import { readTokenBody } from "../read-token-body.ts";
import type { Call, Route } from "../route.ts";

/** Tokens of accounts and of persons: the same endpoints under two paths (Fundamentals docs, "Create tokens via API"). */
interface TokenFamily {
  readonly base: string;
  readonly read: readonly PermissionName[];
  readonly write: readonly PermissionName[];
  /** Prefix of a value (Fundamentals docs, "Token formats"). */
  readonly prefix: string;
  readonly needsPerson: boolean;
  owner(call: Call): TokenRecord["owner"];
}

const FAMILIES: readonly TokenFamily[] = [
  {
    base: "/accounts/:account/tokens",
    read: ["Account API Tokens Read", "Account API Tokens Write"],
    write: ["Account API Tokens Write"],
    prefix: "cfat_",
    needsPerson: false,
    owner: ({ accountId }) => ({ accountId }),
  },
  {
    base: "/user/tokens",
    read: ["API Tokens Read", "API Tokens Write"],
    write: ["API Tokens Write"],
    prefix: "cfut_",
    needsPerson: true,
    owner: ({ caller }) => ({ email: readPerson(caller) ?? "" }),
  },
];

/** Tokens of accounts at `/accounts/:account/tokens`, of persons at `/user/tokens`. */
export function tokenRoutes(api: Api): readonly Route[] {
  return FAMILIES.flatMap((family) => familyRoutes(api, family));
}

function familyRoutes(api: Api, family: TokenFamily): readonly Route[] {
  const { base, read, write, needsPerson } = family;
  const one = `${base}/:token`;
  const withToken = (work: (token: TokenRecord, call: Call) => Response) => (call: Call) => {
    const token = findToken(api, family.owner(call), call.params.token ?? "");
    return token === undefined ? fail(404, 1001, "Token not found") : work(token, call);
  };
  return [
    {
      method: "GET",
      path: `${base}/permission_groups`,
      needs: read,
      needsPerson,
      handle: listGroups,
    },
    {
      method: "GET",
      path: `${base}/verify`,
      needs: [],
      needsPerson,
      auth: "inactive",
      handle: (call) => verify(api, call),
    },
    {
      method: "GET",
      path: base,
      needs: read,
      needsPerson,
      handle: (call) => listTokens(api, family, call),
    },
    {
      method: "POST",
      path: base,
      needs: write,
      needsPerson,
      handle: (call) => create(api, family, call),
    },
    {
      method: "GET",
      path: one,
      needs: read,
      needsPerson,
      handle: withToken((token) => succeed(printToken(api, token))),
    },
    {
      method: "PUT",
      path: one,
      needs: write,
      needsPerson,
      handle: withToken((token, call) => update(api, token, call)),
    },
    {
      method: "PUT",
      path: `${one}/value`,
      needs: write,
      needsPerson,
      handle: withToken((token) => succeed(giveValue(api, token, family.prefix))),
    },
    {
      method: "DELETE",
      path: one,
      needs: write,
      needsPerson,
      handle: withToken((token) => remove(api, token)),
    },
  ];
}

function listGroups({ url }: Call): Response {
  const name = url.searchParams.get("name");
  const scope = url.searchParams.get("scope");
  const groups = PERMISSION_GROUPS.filter(
    (group) =>
      (name === null || group.name === name) &&
      (scope === null ||
        scope
          .replace(/^com\.cloudflare\.api\./, "")
          .split(".")
          .at(-1) === group.scope),
  );
  return succeed(groups.map(printPermissionGroup));
}

function verify(api: Api, { caller }: Call): Response {
  if (caller.kind !== "token") return fail(401, 1000, "Invalid API Token");
  const { id, expiresOn, notBefore } = caller.token;
  const status = readTokenStatus(caller.token, api.context.now());
  const messages = [{ code: 10000, message: `This API Token is valid and ${status}` }];
  const times = {
    ...(expiresOn === undefined ? {} : { expires_on: expiresOn }),
    ...(notBefore === undefined ? {} : { not_before: notBefore }),
  };
  return succeed({ id, status, ...times }, { messages });
}

function isOwnedBy(token: TokenRecord, owner: TokenRecord["owner"]): boolean {
  if ("email" in owner) return "email" in token.owner && token.owner.email === owner.email;
  return "accountId" in token.owner && token.owner.accountId === owner.accountId;
}

function findToken(api: Api, owner: TokenRecord["owner"], id: string): TokenRecord | undefined {
  const token = api.records.tokens.get(id);
  if (token === undefined || token.deletedOn !== undefined) return undefined;
  return isOwnedBy(token, owner) ? token : undefined;
}

function listTokens(api: Api, family: TokenFamily, call: Call): Response {
  const owner = family.owner(call);
  const withExpired = call.url.searchParams.get("include_expired") === "true";
  const tokens = api.records.tokens
    .list()
    .filter((token) => token.deletedOn === undefined && isOwnedBy(token, owner))
    .filter((token) => withExpired || readTokenStatus(token, api.context.now()) !== "expired");
  return succeedPage(
    call.url,
    tokens.map((token) => printToken(api, token)),
  );
}

function create(api: Api, family: TokenFamily, call: Call): Response {
  const owner = family.owner(call);
  const body = readTokenBody(api, owner, call.body);
  if (typeof body === "string") return fail(400, 1001, body);
  const now = api.timestamp();
  const token: TokenRecord = {
    id: api.newId(),
    owner,
    ...body,
    issuedOn: now,
    modifiedOn: now,
    valueHash: "",
  };
  const value = giveValue(api, token, family.prefix);
  return succeed({ ...printToken(api, token), value });
}

/** Makes a value, keeps its hash, and forgets the earlier one. */
function giveValue(api: Api, token: TokenRecord, prefix: string): string {
  const { context, records } = api;
  const value = context.mintSecret("cloudflare API token", prefix);
  const valueHash = sha256(value);
  context.store.transaction(() => {
    if (token.valueHash !== "") records.tokenValues.delete(token.valueHash);
    records.tokenValues.put(valueHash, token.id);
    records.tokens.put(token.id, { ...token, valueHash });
  });
  return value;
}

function update(api: Api, token: TokenRecord, call: Call): Response {
  const body = readTokenBody(api, token.owner, call.body);
  if (typeof body === "string") return fail(400, 1001, body);
  const updated: TokenRecord = { ...token, ...body, modifiedOn: api.timestamp() };
  api.records.tokens.put(token.id, updated);
  return succeed(printToken(api, updated));
}

function remove(api: Api, token: TokenRecord): Response {
  const { context, records } = api;
  context.store.transaction(() => {
    records.tokenValues.delete(token.valueHash);
    records.tokens.put(token.id, { ...token, deletedOn: api.timestamp() });
  });
  return succeed({ id: token.id });
}

function printToken(api: Api, token: TokenRecord): object {
  return {
    id: token.id,
    name: token.name,
    status: readTokenStatus(token, api.context.now()),
    issued_on: token.issuedOn,
    modified_on: token.modifiedOn,
    last_used_on: null,
    ...(token.expiresOn === undefined ? {} : { expires_on: token.expiresOn }),
    ...(token.notBefore === undefined ? {} : { not_before: token.notBefore }),
    // An unset condition must be absent: an empty one is a difference to the provider.
    ...(token.condition === undefined ? {} : { condition: token.condition }),
    policies: token.policies.map(({ id, effect, resources, permission_groups }) => ({
      id,
      effect,
      resources,
      permission_groups: permission_groups.map((group) => ({
        id: group.id,
        name: findPermissionGroup(group.id)?.name,
      })),
    })),
  };
}
