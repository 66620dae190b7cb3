import { createHash, randomBytes } from "node:crypto";
import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { createAccountOnly } from "../account-only.ts";
import type { AccountAnswer, AccountRequest, Orchestrator } from "../contract.ts";
import type { AdapterVault } from "../vault.ts";
import { callApi } from "./api.ts";
import { OAUTH_CAPABILITIES } from "./capabilities.ts";
import { type KeptSession, openKeptSessions } from "./kept-sessions.ts";
import { createOauthCalls, type OauthPlace, type Session } from "./oauth-calls.ts";
import { openAccount } from "./open-account.ts";
import type { OauthCallback } from "./read-callback.ts";
import { createReplacedTokens } from "./replaced-tokens.ts";
import { createSessionRenewal } from "./session-renewal.ts";

/** A public client, made with `POST /accounts/{id}/oauth_clients`. */
export interface CloudflareOauthOptions extends OauthPlace {
  readonly vault: AdapterVault;
  readonly authorizeUrl: string;
  readonly redirectUri: string;
  /** Default `account:read user-details.read offline_access`. */
  readonly scope?: string | undefined;
  /** Reads what a person's browser brought to `redirectUri`. */
  readonly readCallback: (state: string) => Promise<OauthCallback>;
}

/** How long a person has. */
const CONSENT_MS = 600_000;

/** A consent that is under way. */
interface Kept {
  readonly state: string;
  readonly verifier: string;
  readonly url: string;
  readonly until: string;
}

/** The consent of a person who has a Cloudflare account, by OAuth with PKCE. No account is ever made, so asking again is always safe. */
export function createCloudflareOauth(options: CloudflareOauthOptions): Orchestrator {
  const { vault, now } = options;
  const calls = createOauthCalls(options);
  const sessions = openKeptSessions(vault);
  const replaced = createReplacedTokens(options, calls.revoke);
  const renewal = createSessionRenewal(calls, sessions, now);

  /** Asks the person, once nothing is left of an earlier consent: the session that comes of this one takes its place. */
  const begin = async (requestId: string, name: string): Promise<AccountAnswer> => {
    if (!(await renewal.giveBack(requestId))) return { kind: "unknown", code: "not_confirmed" };
    const kept = newConsent(options);
    await vault.write(name, new Secret(JSON.stringify(kept)));
    return { kind: "consent", url: kept.url, expiresAt: kept.until };
  };

  /** A session that is of no use is given back: another person's, or that of one who let us into no account of theirs. */
  const use = async (request: AccountRequest, session: KeptSession): Promise<AccountAnswer> => {
    const answer = await open(options, request, session);
    if (answer.kind === "connected")
      await sessions.write(request.requestId, { ...session, ...answer.credentials });
    if (answer.kind !== "refused") return answer;
    if (request.accountId !== undefined && answer.code !== "unauthorized") return answer;
    await renewal.giveBack(request.requestId);
    return answer;
  };

  /** The session that came of this request before, or the next one by its refresh token, while it works. */
  const reopen = async (request: AccountRequest): Promise<AccountAnswer | undefined> => {
    const { requestId } = request;
    const session = await sessions.read(requestId);
    if (session === undefined) return undefined;
    const isOver = Date.parse(session.expiresAt) <= now();
    const next = isOver ? await renewal.renew(requestId, session) : undefined;
    if (next !== undefined && next.kind !== "session") {
      const isUnheard = next.kind === "unknown" || next.code === "unreachable";
      return isUnheard ? { kind: "unknown", code: next.code } : undefined;
    }
    const { accountId } = session;
    const answer = await use(request, next === undefined ? session : { ...next, accountId });
    return answer.kind === "refused" && answer.code === "unauthorized" ? undefined : answer;
  };

  return createAccountOnly({
    id: "cloudflare-oauth",
    capabilities: OAUTH_CAPABILITIES,
    async isHealthy() {
      // Without a token the API still answers in its own form; a link is no use when nobody hears what comes of it.
      const [answer, callback] = await Promise.all([
        callApi(options, "GET", "/user"),
        options.readCallback(newState()),
      ]);
      const isThere =
        answer.kind === "ok" || (answer.kind === "refused" && answer.code !== "unreachable");
      return isThere && callback.kind !== "silent";
    },

    async requestAccount(request) {
      const known = await reopen(request);
      if (known !== undefined) return known;
      const name = `oauth/${request.requestId}`;
      const secret = await vault.read(name);
      if (secret === undefined) return begin(request.requestId, name);
      const kept = JSON.parse(secret.reveal()) as Kept;
      const back = await options.readCallback(kept.state);
      const isOpen = back.kind === "pending" || back.kind === "silent";
      if (isOpen && Date.parse(kept.until) > now())
        return { kind: "consent", url: kept.url, expiresAt: kept.until };
      // Before the code is sent: it is good for one use, whatever becomes of it.
      await vault.write(name, undefined);
      if (isOpen) return notSent("consent_expired");
      if (back.kind === "error") return notSent("access_denied");
      const fresh = await calls.exchange({
        grant_type: "authorization_code",
        code: back.code.reveal(),
        redirect_uri: options.redirectUri,
        code_verifier: kept.verifier,
      });
      // Used up, so the person is asked again.
      if (fresh.kind !== "session") return notSent("consent_expired");
      await sessions.write(request.requestId, fresh);
      return use(request, fresh);
    },

    async refresh(refreshToken) {
      const requestId = await sessions.find(refreshToken);
      const old = requestId === undefined ? undefined : await sessions.read(requestId);
      // Sent a second time, a used token can end the consent (RFC 9700, section 4.14.2).
      if (old !== undefined && old.refreshToken?.reveal() !== refreshToken.reveal())
        return { kind: "refused", code: "invalid_grant" };
      const isKept = requestId !== undefined && old !== undefined;
      const fresh = await (isKept ? renewal.renew(requestId, old) : renewal.send(refreshToken));
      if (fresh.kind !== "session") return fresh;
      // The token says whose it is.
      const user = await callApi(options, "GET", "/user", { token: fresh.token });
      const email = user.kind === "ok" ? textAt(user.result, ["email"]) : undefined;
      if (email === undefined) return { kind: "unknown", code: "malformed" };
      const request = { requestId: "", email, name: "", expiresAt: fresh.expiresAt };
      const { accountId } = old ?? {};
      const answer = await open(options, { ...request, mode: "link", accountId }, fresh);
      // Only now: who hears that the refresh failed goes on with the old one.
      if (answer.kind !== "connected" || old === undefined) return answer;
      const isAlive = await replaced.end(old.token, fresh.token);
      return isAlive ? answer : { kind: "refused", code: "unauthorized", unsent: true };
    },

    async endSession({ accessToken, refreshToken }) {
      const requestId = refreshToken === undefined ? undefined : await sessions.find(refreshToken);
      const newest = requestId === undefined ? undefined : await sessions.read(requestId);
      const ended = await calls.revoke([
        refreshToken,
        accessToken,
        newest?.refreshToken,
        newest?.token,
      ]);
      if (ended.kind === "ended" && requestId !== undefined) await sessions.forget(requestId);
      return ended;
    },

    async dropRequest(requestId) {
      await vault.write(`oauth/${requestId}`, undefined);
      const isOver = await renewal.giveBack(requestId);
      return isOver ? { kind: "ended" } : { kind: "unknown", code: "not_confirmed" };
    },
  });
}

/** A look that was not heard says nothing: the session is kept, and the request goes on with it. */
async function open(
  options: CloudflareOauthOptions,
  request: AccountRequest,
  session: Session,
): Promise<AccountAnswer> {
  const answer = await openAccount(options, request, { ...session, creates: false });
  const isUnheard = answer.kind === "refused" && answer.code === "unreachable";
  return isUnheard ? { kind: "unknown", code: "unreachable" } : answer;
}

function newState(): string {
  return randomBytes(24).toString("base64url");
}

function newConsent(options: CloudflareOauthOptions): Kept {
  const verifier = randomBytes(32).toString("base64url");
  const state = newState();
  const url = new URL(options.authorizeUrl);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    scope: options.scope ?? "account:read user-details.read offline_access",
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const until = new Date(options.now() + CONSENT_MS).toISOString();
  return { state, verifier, url: url.href, until };
}

/** No account was asked for yet. */
function notSent(code: string): AccountAnswer {
  return { kind: "refused", code, unsent: true };
}
