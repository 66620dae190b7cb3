import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import type { AccountAnswer, Orchestrator } from "../contract.ts";
import { readBearer } from "../read-answers.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { createResourceCalls, type ProtocolCall } from "../resource-calls.ts";
import type { AdapterVault } from "../vault.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { createClientProof } from "./client-proof.ts";
import type { SelfConnection } from "./connection.ts";
import { type DpopKey, openDpopKey } from "./dpop-key.ts";
import { type AuthorizationServer, isNoServer, openServer } from "./open-server.ts";
import { readOauthFailure } from "./read-oauth-failure.ts";
import { forgetSignIn, type SignInPlace, signInByDevice, statePlatformSession } from "./sign-in.ts";

export interface SelfOptions {
  readonly fetch: Fetch;
  readonly vault: AdapterVault;
  /** Milliseconds since the epoch; dates expiries. */
  readonly now: () => number;
  /** Dates proofs, default `now`; differs only where `now` is a sandbox's moved clock. */
  readonly signingNow?: (() => number) | undefined;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
/** The provider's no to this assertion or proof (RFC 6749, section 5.2; RFC 9449, section 5): it was not asked for an account yet. */
const ABOUT_ASKER = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "invalid_dpop_proof",
  "use_dpop_nonce",
]);

/** One's own identity provider vouches to one provider: ID-JAG by token exchange, redeemed there for tokens that are bound to a key. */
export function createSelfOrchestrator(
  connection: SelfConnection,
  options: SelfOptions,
): Orchestrator {
  const { fetch, vault, timeout = 30_000 } = options;
  const signingNow = options.signingNow ?? options.now;
  const providerUrl = connection.providerUrl.replace(/\/$/, "");
  const client = createClientProof(connection, { fetch, now: signingNow, timeout });
  let opened: Promise<DpopKey> | undefined;
  const key = () => {
    // A key of each identity provider and client: tokens that one of them vouched for can't be used as another's.
    const parts = [connection.issuer, connection.clientId, providerUrl].map(encodeURIComponent);
    opened ??= openDpopKey(vault, `dpop/${parts.join("/")}`);
    return opened;
  };
  const openIdentityProvider = () => openServer(fetch, connection.issuer, "openid", timeout);
  const openProvider = () => openServer(fetch, providerUrl, "oauth", timeout);

  const signInAt = (server: AuthorizationServer): SignInPlace => ({
    ...{ server, client, vault, now: signingNow },
    clientId: connection.clientId,
  });

  const call = async (request: ProtocolCall): Promise<JsonExchange> => {
    const { method, path, body, accessToken } = request;
    const url = `${providerUrl}${path}`;
    const headers: Record<string, string> = {
      "API-Version": "0.1d",
      Accept: "application/json",
      DPoP: await (await key()).prove({ method, url, accessToken, now: signingNow() }),
    };
    if (accessToken !== undefined) headers.Authorization = `DPoP ${accessToken.reveal()}`;
    if (method === "POST") headers["Content-Type"] = "application/json";
    if (request.key !== undefined) headers["Idempotency-Key"] = request.key;
    const init: RequestInit = body === undefined ? { method, headers } : { method, headers, body };
    return fetchJson(fetch, url, init, timeout);
  };

  /** A grant at the provider's authorization server. */
  const redeem = async (
    grant: Readonly<Record<string, string>>,
    expiresAt: string,
  ): Promise<AccountAnswer> => {
    const provider = await openProvider();
    if (isNoServer(provider)) return notSent("unreachable");
    const url = provider.endpoint("token_endpoint");
    if (url === undefined) return notSent("unreachable");
    const proof = await (await key()).prove({ method: "POST", url, now: signingNow() });
    const form = { client_id: connection.clientId, ...grant };
    return readGrant(await provider.post(url, form, { DPoP: proof }), options.now(), expiresAt);
  };

  return {
    id: connection.orchestrator ?? "self",
    capabilities: CAPABILITIES,
    ...createResourceCalls(call),

    async isHealthy() {
      const [identities, provider] = await Promise.all([openIdentityProvider(), openProvider()]);
      if (isNoServer(identities) || isNoServer(provider)) return false;
      const url = identities.endpoint("revocation_endpoint");
      if (url === undefined) return false;
      // An unknown token is revoked with 200 (RFC 7009), so this tells whether the identity provider knows us, and does nothing.
      const proof = await client.authenticate(identities.issuer);
      const asked = await identities.post(url, { token: "none", ...proof });
      return asked.kind === "answer" && asked.status === 200;
    },

    async requestAccount({ email, name, expiresAt, mode, accountId }) {
      const server = await openIdentityProvider();
      if (isNoServer(server)) return notSent("unreachable");
      const place = signInAt(server);
      const signedIn =
        connection.signIn === "device"
          ? await signInByDevice(place, email)
          : await statePlatformSession(place, email);
      if (signedIn.kind !== "subject") return asNothingDone(signedIn);
      const url = server.endpoint("token_endpoint") ?? "";
      const exchange = await server.post(
        url,
        {
          grant_type: TOKEN_EXCHANGE,
          requested_token_type: ID_JAG,
          subject_token: signedIn.token,
          subject_token_type: signedIn.type,
          audience: providerUrl,
          ...(await client.authenticate(server.issuer)),
        },
        { DPoP: await (await key()).prove({ method: "POST", url, now: signingNow() }) },
      );
      if (exchange.kind === "failure" || exchange.status !== 200)
        return asNothingDone(readOauthFailure(exchange));
      const assertion = textAt(exchange.body, ["access_token"]);
      if (memberAt(exchange.body, "issued_token_type") !== ID_JAG || assertion === undefined)
        return notSent("malformed_assertion");
      const makesNone = mode === "link" || accountId !== undefined;
      const scope = makesNone ? "accounts:link" : "accounts:create";
      const grant = { grant_type: JWT_BEARER, assertion, scope, account_name: name };
      const redeemed = await redeem(grant, expiresAt);
      return redeemed.kind === "refused" && ABOUT_ASKER.has(redeemed.code)
        ? notSent(redeemed.code)
        : redeemed;
    },

    refresh: (refreshToken) =>
      redeem({ grant_type: "refresh_token", refresh_token: refreshToken.reveal() }, ""),

    async endSession({ accessToken, refreshToken }) {
      const provider = await openProvider();
      const url = isNoServer(provider) ? undefined : provider.endpoint("revocation_endpoint");
      if (url === undefined || isNoServer(provider))
        return { kind: "unknown", code: "unreachable" };
      for (const token of [refreshToken, accessToken]) {
        if (token === undefined) continue;
        const proof = await (await key()).prove({ method: "POST", url, now: signingNow() });
        const form = { token: token.reveal(), client_id: connection.clientId };
        const asked = await provider.post(url, form, { DPoP: proof });
        if (asked.kind === "failure" || asked.status !== 200)
          return { kind: "unknown", code: "not_confirmed" };
      }
      return { kind: "ended" };
    },

    async endSignIn(email) {
      const server = await openIdentityProvider();
      if (isNoServer(server)) return { kind: "unknown", code: "unreachable" };
      return forgetSignIn(signInAt(server), email);
    },
  };
}

/** Until the assertion is redeemed nothing can have been made by this request, whatever went wrong: that is a definite no to it. */
function asNothingDone(answer: AccountAnswer): AccountAnswer {
  if (answer.kind === "unknown") return notSent("unreachable");
  return answer.kind === "refused" ? notSent(answer.code) : answer;
}

function notSent(code: string): AccountAnswer {
  return { kind: "refused", code, unsent: true };
}

function readGrant(exchange: JsonExchange, now: number, expiresAt: string): AccountAnswer {
  if (exchange.kind === "answer" && exchange.status === 200) {
    const credentials = readBearer(exchange.body, now);
    return credentials === undefined
      ? { kind: "unknown", code: "malformed" }
      : { kind: "connected", credentials };
  }
  const failure = readOauthFailure(exchange);
  if (exchange.kind === "failure" || failure.code !== "interaction_required") return failure;
  const url = readConsentUrl(textAt(exchange.body, ["interaction_uri"]));
  return url === undefined
    ? { kind: "unknown", code: "malformed" }
    : { kind: "consent", url, expiresAt };
}
