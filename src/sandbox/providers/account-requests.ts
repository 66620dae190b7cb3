import type { AccountRecord } from "../context.ts";
import { mintCode } from "./authorization-codes.ts";
import type { CredentialOwner } from "./bearer-credentials.ts";
import {
  type BearerCredentials,
  mintCredentials,
  printCredentials,
  recheckCredentials,
} from "./bearer-credentials.ts";
import { askConsent } from "./consents.ts";
import { buildTypedError, type ProviderAnswer } from "./provider-answer.ts";
import { type ProviderCall, readObject, readText } from "./provider-call.ts";

/** A request for an account. Collection `account-requests`, by provider, orchestrator and the request's id. */
export interface AccountRequestRecord {
  readonly email: string;
  /** The account it made or was linked to; null while a person has not consented. */
  readonly accountId: string | null;
  /** True when the e-mail address had an account already. */
  readonly needsConsent: boolean;
  /** The credentials that were answered, sealed, to answer a repetition alike. */
  readonly sealedCredentials: string | null;
  /** The person said no the last time. */
  readonly isDenied?: boolean | undefined;
}

/** The key of a request's record. */
export function nameAccountRequest(provider: string, orchestrator: string, id: string): string {
  return JSON.stringify([provider, orchestrator, id]);
}

/**
 * `POST /provisioning/account_requests`. A new e-mail address gets an account at once (`credentials` or `oauth`, as the provider is set); one that has an account
 * already gets `requires_auth`. Repeating a request's id never makes a second account: it gets the same credentials while they work, the same consent while it is
 * awaited, and a fresh `oauth` code after it was given.
 */
export function requestAccount(call: ProviderCall): ProviderAnswer {
  const { context, provider, body } = call;
  const id = readText(body, "id");
  const email = readText(body, "email")?.toLowerCase();
  const problem = findProblem(call);
  if (id === undefined || email === undefined || problem !== undefined)
    return buildTypedError(400, "invalid_request", id, problem);
  if (Date.parse(readText(body, "expires_at") ?? "") <= context.now())
    return buildTypedError(400, "account_request_expired", id);

  const requests = context.store.collection<AccountRequestRecord>("account-requests");
  const key = nameAccountRequest(provider, call.orchestrator.id, id);
  const known = requests.get(key);
  if (known !== undefined) {
    if (known.email !== email) return buildTypedError(409, "invalid_request", id, "email");
    return answerKnown(call, id, key, known);
  }
  if (call.settings.refusesAccounts) return buildTypedError(400, "account_creation_failed", id);
  const accounts = context.store.collection<AccountRecord>("accounts");
  const isTaken = accounts
    .list()
    .some((one) => one.provider === provider && one.email.toLowerCase() === email && !one.closed);
  if (isTaken) {
    requests.put(key, { email, accountId: null, needsConsent: true, sealedCredentials: null });
    return askConsent(call, key);
  }
  const account: AccountRecord = {
    provider,
    accountId: context.random(16),
    email,
    name: readText(body, "name") ?? email,
    requestId: id,
    createdAt: new Date(context.now()).toISOString(),
    closed: false,
    orchestrator: call.orchestrator.id,
  };
  accounts.put(`${provider}/${account.accountId}`, account);
  const record: AccountRequestRecord = {
    email,
    accountId: account.accountId,
    needsConsent: false,
    sealedCredentials: null,
  };
  requests.put(key, record);
  return answerKnown(call, id, key, record);
}

function answerKnown(
  call: ProviderCall,
  id: string,
  key: string,
  record: AccountRequestRecord,
): ProviderAnswer {
  const { context, provider } = call;
  if (record.accountId === null) return askConsent(call, key);
  const account = context.store
    .collection<AccountRecord>("accounts")
    .get(`${provider}/${record.accountId}`);
  if (account?.closed !== false) return buildTypedError(400, "account_creation_failed", id);
  const owner = { provider, accountId: record.accountId, orchestrator: call.orchestrator.id };
  if (record.needsConsent || call.settings.accountAnswer === "oauth") {
    const code = mintCode(context, owner, readText(call.body, "code_challenge") ?? null);
    return { status: 200, body: { type: "oauth", oauth: { code } } };
  }
  const bearer = printCredentials(answerCredentials(call, owner, key, record), record.accountId);
  return {
    status: 200,
    body: { type: "credentials", credentials: { type: "bearer", bearer } },
  };
}

function answerCredentials(
  call: ProviderCall,
  owner: CredentialOwner,
  key: string,
  record: AccountRequestRecord,
): BearerCredentials {
  const { context } = call;
  const before =
    record.sealedCredentials === null
      ? undefined
      : (JSON.parse(context.unseal(record.sealedCredentials)) as BearerCredentials);
  const still = before === undefined ? undefined : recheckCredentials(context, before);
  if (still !== undefined) return still;
  const credentials = mintCredentials(context, owner, call.settings.bearerSeconds);
  context.store
    .collection<AccountRequestRecord>("account-requests")
    .put(key, { ...record, sealedCredentials: context.seal(JSON.stringify(credentials)) });
  return credentials;
}

/** The name of the first field that is missing or wrong (fields as Hugging Face's published schema requires them). */
function findProblem(call: ProviderCall): string | undefined {
  const { body, orchestrator } = call;
  if (readText(body, "id") === undefined) return "id";
  if (body.object !== "account_request") return "object";
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(readText(body, "email") ?? "")) return "email";
  if (!isTexts(body.scopes)) return "scopes";
  if (!isTexts(body.client_capabilities)) return "client_capabilities";
  if (readText(body, "confirmation_secret") === undefined) return "confirmation_secret";
  const expiresAt = readText(body, "expires_at") ?? "";
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiresAt)) return "expires_at";
  if (Number.isNaN(Date.parse(expiresAt))) return "expires_at";
  const claimed = readObject(body, "orchestrator") ?? {};
  if (claimed.type !== orchestrator.id) return "orchestrator.type";
  const own = readObject(claimed, orchestrator.id) ?? {};
  if (own.account !== orchestrator.account) return `orchestrator.${orchestrator.id}.account`;
  const method = body.code_challenge_method;
  return method === undefined || method === "S256" ? undefined : "code_challenge_method";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
