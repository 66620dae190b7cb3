import { createHash, randomBytes } from "node:crypto";
import { fetchJson } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { createAccountOnly } from "../account-only.ts";
import type { AccountAnswer, AccountRequest, Orchestrator } from "../contract.ts";
import { readFailure } from "../read-answers.ts";
import type { AdapterVault } from "../vault.ts";
import { type ApiPlace, callApi } from "./api.ts";
import { OAUTH_CAPABILITIES } from "./capabilities.ts";
import { openAccount } from "./open-account.ts";

/** What came back to the redirect address for a `state`. */
export type OauthCallback =
  | { readonly kind: "pending" }
  | { readonly kind: "code"; readonly code: Secret }
  | { readonly kind: "error"; readonly error: string };

export interface CloudflareOauthOptions extends ApiPlace {
  readonly vault: AdapterVault;
  /** A public client, made with `POST /accounts/{id}/oauth_clients`. */
  readonly clientId: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  readonly redirectUri: string;
  /** Default `account:read user-details.read offline_access`. */
  readonly scope?: string | undefined;
  /** Reads what a person's browser brought to `redirectUri`. */
  readonly readCallback: (state: string) => Promise<OauthCallback>;
}

/** How long a person has. */
const CONSENT_MS = 600_000;

/** What is under way, or what came of it. */
interface Kept {
  readonly state: string;
  readonly verifier: string;
  readonly url: string;
  readonly until: string;
}

interface Session {
  readonly token: Secret;
  readonly refreshToken: Secret | undefined;
  readonly expiresAt: string;
}

/** The consent of a person who has a Cloudflare account, by OAuth with PKCE. No account is ever made, so asking again is always safe. */
export function createCloudflareOauth(options: CloudflareOauthOptions): Orchestrator {
  const { vault, now, timeout = 30_000 } = options;
  const post = (url: string, form: Readonly<Record<string, string>>) =>
    fetchJson(
      options.fetch,
      url,
      {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ client_id: options.clientId, ...form }),
      },
      timeout,
    );

  const exchange = async (form: Readonly<Record<string, string>>) => {
    const answer = await post(options.tokenUrl, form);
    if (answer.kind === "failure" || answer.status !== 200) return readFailure(answer);
    const token = textAt(answer.body, ["access_token"], /^[\x21-\x7e]{8,4096}$/);
    const refreshToken = textAt(answer.body, ["refresh_token"], /^[\x21-\x7e]{8,4096}$/);
    const seconds = memberAt(answer.body, "expires_in");
    if (token === undefined || typeof seconds !== "number" || !(seconds > 0 && seconds < 1e9))
      return { kind: "unknown", code: "malformed" } as const;
    return {
      kind: "session",
      token: new Secret(token),
      refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
      expiresAt: new Date(now() + Math.floor(seconds) * 1000).toISOString(),
    } as const;
  };

  const open = (request: AccountRequest, session: Session) =>
    openAccount(options, request, { ...session, creates: false });

  const begin = async (name: string): Promise<AccountAnswer> => {
    const verifier = randomBytes(32).toString("base64url");
    const state = randomBytes(24).toString("base64url");
    const until = new Date(now() + CONSENT_MS).toISOString();
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
    const kept: Kept = { state, verifier, url: url.href, until };
    await vault.write(name, new Secret(JSON.stringify(kept)));
    return { kind: "consent", url: url.href, expiresAt: until };
  };

  return createAccountOnly({
    id: "cloudflare",
    capabilities: OAUTH_CAPABILITIES,
    async isHealthy() {
      // Without a token the API still answers in its own form.
      const answer = await callApi(options, "GET", "/user");
      return answer.kind === "ok" || (answer.kind === "refused" && answer.code !== "unreachable");
    },

    async requestAccount(request) {
      const [name, done] = [`oauth/${request.email}`, `oauth-session/${request.requestId}`];
      const session = readSession(await vault.read(done));
      if (session !== undefined && Date.parse(session.expiresAt) > now())
        return open(request, session);
      const secret = await vault.read(name);
      if (secret === undefined) return begin(name);
      const kept = JSON.parse(secret.reveal()) as Kept;
      const back = await options.readCallback(kept.state);
      if (back.kind === "pending" && Date.parse(kept.until) > now())
        return { kind: "consent", url: kept.url, expiresAt: kept.until };
      await vault.write(name, undefined);
      if (back.kind === "pending") return notSent("consent_expired");
      if (back.kind === "error") return notSent("access_denied");
      const fresh = await exchange({
        grant_type: "authorization_code",
        code: back.code.reveal(),
        redirect_uri: options.redirectUri,
        code_verifier: kept.verifier,
      });
      // A code is good for one use: whatever became of it, the person is asked again.
      if (fresh.kind !== "session") return notSent("consent_expired");
      const { token, refreshToken, expiresAt } = fresh;
      const plain = { token: token.reveal(), refreshToken: refreshToken?.reveal(), expiresAt };
      await vault.write(done, new Secret(JSON.stringify(plain)));
      return open(request, fresh);
    },

    async refresh(refreshToken) {
      const fresh = await exchange({
        grant_type: "refresh_token",
        refresh_token: refreshToken.reveal(),
      });
      if (fresh.kind !== "session") return fresh;
      // The token says whose it is.
      const user = await callApi(options, "GET", "/user", { token: fresh.token });
      const email = user.kind === "ok" ? textAt(user.result, ["email"]) : undefined;
      if (email === undefined) return { kind: "unknown", code: "malformed" };
      const request = { requestId: "", email, name: "", expiresAt: fresh.expiresAt };
      return open({ ...request, mode: "link" }, fresh);
    },

    async endSession({ accessToken, refreshToken }) {
      for (const token of [refreshToken, accessToken]) {
        if (token === undefined) continue;
        const answer = await post(options.revokeUrl, { token: token.reveal() });
        if (answer.kind === "failure" || answer.status !== 200)
          return { kind: "unknown", code: "not_confirmed" };
      }
      return { kind: "ended" };
    },
  });
}

function readSession(secret: Secret | undefined): Session | undefined {
  if (secret === undefined) return undefined;
  const { token, refreshToken, expiresAt } = JSON.parse(secret.reveal()) as {
    readonly token: string;
    readonly refreshToken?: string;
    readonly expiresAt: string;
  };
  return {
    token: new Secret(token),
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
    expiresAt,
  };
}

/** No account was asked for yet. */
function notSent(code: string): AccountAnswer {
  return { kind: "refused", code, unsent: true };
}
