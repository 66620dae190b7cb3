import { canonicalJson, type Json } from "../../../util/canonical-json.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { AccountRecord } from "../../context.ts";
import type { Api } from "../api.ts";
import { canReachAccount, isAuthorized, readPerson, userId } from "../authorize.ts";
import { text } from "../body-fields.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";

const WRITE = ["Account Settings Write"] as const;
const READ = ["Account Settings Read", "Account Settings Write"] as const;

/** `/accounts` (API docs, Accounts) and `/user` (Users). */
export function accountRoutes(api: Api): readonly Route[] {
  const { records } = api;
  return [
    { method: "GET", path: "/accounts", needs: [], handle: (call) => listAccounts(api, call) },
    {
      method: "POST",
      path: "/accounts",
      needs: [],
      needsPerson: true,
      handle: (call) => createAccount(api, call),
    },
    {
      method: "GET",
      path: "/accounts/:account",
      needs: READ,
      handle: ({ accountId }) => answerAccount(api, accountId),
    },
    {
      method: "PUT",
      path: "/accounts/:account",
      needs: WRITE,
      handle: (call) => updateAccount(api, call),
    },
    {
      method: "DELETE",
      path: "/accounts/:account",
      needs: WRITE,
      needsPerson: true,
      handle({ accountId }) {
        const account = records.accounts.get(`cloudflare/${accountId}`);
        if (account !== undefined)
          records.accounts.put(`cloudflare/${accountId}`, { ...account, closed: true });
        return succeed({ id: accountId });
      },
    },
    {
      method: "GET",
      path: "/user",
      needs: ["User Details Read", "User Details Write"],
      needsPerson: true,
      handle({ caller }) {
        const email = readPerson(caller) ?? "";
        return succeed({ id: userId(email), email, two_factor_authentication_enabled: false });
      },
    },
  ];
}

function printAccount(api: Api, account: AccountRecord): object {
  return {
    id: account.accountId,
    name: account.name,
    type: api.records.details.get(account.accountId)?.type ?? "standard",
    settings: { enforce_twofactor: false, access_approval_expiry: null },
    created_on: account.createdAt,
  };
}

function answerAccount(api: Api, accountId: string, status = 200): Response {
  const account = api.records.accounts.get(`cloudflare/${accountId}`);
  return account === undefined
    ? fail(404, 1003, "Account not found")
    : succeed(printAccount(api, account), { status });
}

function listAccounts(api: Api, { caller, url }: Call): Response {
  const { records } = api;
  const name = url.searchParams.get("name");
  const visible = records.accounts
    .list()
    .filter(({ provider }) => provider === "cloudflare")
    .filter(({ accountId }) => canReachAccount(records, caller, accountId))
    .filter(({ accountId }) => isAuthorized(records, caller, READ, { kind: "account", accountId }))
    .filter((account) => name === null || account.name === name);
  return succeedPage(
    url,
    visible.map((account) => printAccount(api, account)),
  );
}

/** The same key gives the same account; the same key with another body is refused. */
function createAccount(api: Api, { request, caller, body }: Call): Response {
  const { records, context } = api;
  const name = text(body, "name")?.trim() ?? "";
  const type = text(body, "type") ?? "standard";
  if (name === "" || name.length > 100)
    return fail(400, 1001, "name must have 1 to 100 characters");
  if (type !== "standard" && type !== "enterprise") return fail(400, 1001, "type is unknown");
  const email = readPerson(caller) ?? "";
  const key = request.headers.get("idempotency-key");
  const keyId = sha256(`${email} ${key}`);
  const bodyHash = sha256(canonicalJson(body as Json));
  const earlier = key === null ? undefined : records.idempotency.get(keyId);
  if (earlier !== undefined)
    return earlier.bodyHash === bodyHash
      ? answerAccount(api, earlier.accountId)
      : fail(409, 1005, "the idempotency key was used for another request");
  const accountId = api.newId();
  context.store.transaction(() => {
    records.accounts.put(`cloudflare/${accountId}`, {
      provider: "cloudflare",
      accountId,
      email,
      name,
      requestId: key ?? accountId,
      createdAt: api.timestamp(),
      closed: false,
    });
    records.details.put(accountId, { type });
    if (key !== null) records.idempotency.put(keyId, { bodyHash, accountId });
  });
  return answerAccount(api, accountId);
}

function updateAccount(api: Api, { accountId, body }: Call): Response {
  const { accounts, details } = api.records;
  const account = accounts.get(`cloudflare/${accountId}`);
  const name = text(body, "name")?.trim();
  if (account === undefined || name === undefined || name === "" || name.length > 100)
    return fail(400, 1001, "name must have 1 to 100 characters");
  accounts.put(`cloudflare/${accountId}`, { ...account, name });
  const type = text(body, "type");
  if (type !== undefined) details.put(accountId, { ...details.get(accountId), type });
  return answerAccount(api, accountId);
}
