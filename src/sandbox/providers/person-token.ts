import type { AccountRecord, SandboxContext } from "../context.ts";
import { type AccountRequestRecord, nameAccountRequest } from "./account-requests.ts";
import type { AssertionAnswer, VouchedPerson } from "./assertion-grant.ts";
import {
  mintCredentials,
  printCredentials,
  redeemRefreshToken,
  revokeBearer,
} from "./bearer-credentials.ts";
import { askConsent } from "./consents.ts";
import type { ProviderAnswer } from "./provider-answer.ts";
import type { ProviderCall } from "./provider-call.ts";

export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const CONSENT_LIFE_MS = 600_000;

/** A call of the token endpoint by a person's platform, after its proofs were verified. */
export interface PersonTokenCall {
  readonly form: URLSearchParams;
  /** Thumbprint of the DPoP key. */
  readonly jkt: string;
  /** Of the grant `jwt-bearer`. */
  readonly assertion: AssertionAnswer | undefined;
}

/**
 * `POST /oauth/token` for whoever vouches with an ID-JAG instead of a signature (RFC 7523): scope `accounts:create` opens the person's account and makes one where
 * there is none; scope `accounts:link` only opens one. An account that came to be otherwise needs the person's consent first, unless the provider is set to
 * trust verified addresses. Tokens are bound to the DPoP key.
 */
export function exchangePersonToken(
  call: ProviderCall,
  { form, jkt, assertion }: PersonTokenCall,
): ProviderAnswer {
  const { context, provider, settings } = call;
  const holder = { provider, orchestrator: call.orchestrator.id };
  const grant = form.get("grant_type");
  if (grant === "refresh_token") {
    const owner = redeemRefreshToken(context, form.get("refresh_token") ?? "", { ...holder, jkt });
    return owner === undefined ? refuse("invalid_grant") : issue(call, owner.accountId, jkt);
  }
  if (grant !== JWT_BEARER || assertion === undefined) return refuse("unsupported_grant_type");
  if (assertion.kind === "invalid") return refuse(assertion.error);
  const { person } = assertion;
  const requests = context.store.collection<AccountRequestRecord>("account-requests");
  const key = nameAccountRequest(
    provider,
    holder.orchestrator,
    `${person.issuer} ${person.subject}`,
  );
  const known = requests.get(key);
  if (known?.accountId != null) return issue(call, known.accountId, jkt);
  if (known?.isDenied === true) {
    requests.put(key, { ...known, isDenied: false });
    return refuse("access_denied");
  }
  const own = findAccountOf(context, provider, person.email);
  const record = { email: person.email, needsConsent: own !== undefined, sealedCredentials: null };
  if (own !== undefined && !settings.linksVerifiedEmails) {
    requests.put(key, { ...record, accountId: null });
    return interact(call, key, person);
  }
  if (own !== undefined) {
    requests.put(key, { ...record, accountId: own.accountId });
    return issue(call, own.accountId, jkt);
  }
  if (!(form.get("scope") ?? "").split(" ").includes("accounts:create"))
    return refuse("account_not_found");
  if (settings.refusesAccounts) return refuse("account_creation_failed");
  const account: AccountRecord = {
    provider,
    accountId: context.random(16),
    email: person.email,
    name: form.get("account_name") ?? person.email,
    requestId: `${person.issuer} ${person.subject}`,
    createdAt: new Date(context.now()).toISOString(),
    closed: false,
    orchestrator: call.orchestrator.id,
  };
  const accounts = context.store.collection<AccountRecord>("accounts");
  accounts.put(`${provider}/${account.accountId}`, account);
  requests.put(key, { ...record, accountId: account.accountId });
  return issue(call, account.accountId, jkt);
}

function findAccountOf(
  { store }: Pick<SandboxContext, "store">,
  provider: string,
  email: string,
): AccountRecord | undefined {
  return store
    .collection<AccountRecord>("accounts")
    .list()
    .find((one) => one.provider === provider && one.email.toLowerCase() === email && !one.closed);
}

function issue(call: ProviderCall, accountId: string, jkt: string): ProviderAnswer {
  const { context, provider, settings } = call;
  const account = context.store
    .collection<AccountRecord>("accounts")
    .get(`${provider}/${accountId}`);
  if (account?.closed !== false) return refuse("invalid_grant");
  const owner = { provider, accountId, orchestrator: call.orchestrator.id, jkt };
  const credentials = mintCredentials(context, owner, settings.bearerSeconds);
  return {
    status: 200,
    body: { token_type: "DPoP", ...printCredentials(credentials, accountId) },
  };
}

/** Sends the person to the consent page that the provisioning protocol's `requires_auth` leads to. */
function interact(call: ProviderCall, request: string, { email }: VouchedPerson): ProviderAnswer {
  const { context } = call;
  const { body } = askConsent(
    {
      ...call,
      body: {
        confirmation_secret: context.mintSecret("consent state", "cst_"),
        expires_at: new Date(context.now() + CONSENT_LIFE_MS).toISOString(),
        email,
      },
    },
    request,
  );
  const { requires_auth } = body as {
    readonly requires_auth: { readonly redirect: { readonly url: string } };
  };
  return {
    status: 400,
    body: { error: "interaction_required", interaction_uri: requires_auth.redirect.url },
  };
}

function refuse(error: string): ProviderAnswer {
  return { status: 400, body: { error } };
}

/** RFC 7009: ends a bearer or a refresh token of this key's holder; 200 also for what is not known. */
export function revokePersonToken(
  call: ProviderCall,
  { form, jkt }: PersonTokenCall,
): ProviderAnswer {
  const { context, provider } = call;
  const token = form.get("token") ?? "";
  const holder = { provider, orchestrator: call.orchestrator.id, jkt };
  revokeBearer(context, token, holder);
  redeemRefreshToken(context, token, holder);
  return { status: 200, body: {} };
}
