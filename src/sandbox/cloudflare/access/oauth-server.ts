import { createHash } from "node:crypto";
import { sha256 } from "../../../util/sha256.ts";
import type { BearerRecord, SandboxContext } from "../../context.ts";
import { buildHtmlPage } from "../../html-page.ts";
import { findAccount } from "./people.ts";

const CODE_MS = 300_000;
const TOKEN_S = 3_600;

/** Collection `cloudflare-codes`, by SHA-256 of the code. */
interface CodeRecord {
  readonly accountId: string;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly expiresAt: number;
  readonly isUsed: boolean;
}

/** Collection `cloudflare-refresh`, by SHA-256 of the token. */
interface RefreshRecord {
  readonly accountId: string;
  readonly isUsed: boolean;
}

/**
 * `POST /cloudflare/oauth2/auth?...` (form: `decision`, `email` of who is logged in): the consent page's answer. A person who has an account is sent back with a code
 * for it; everybody else, and who says no, with `access_denied`.
 */
export function decide(context: SandboxContext, url: URL, body: string): Response {
  const { store, now } = context;
  const { searchParams: asked } = url;
  const form = new URLSearchParams(body);
  const redirectUri = asked.get("redirect_uri") ?? "";
  const isAsked =
    asked.get("code_challenge_method") === "S256" && asked.get("response_type") === "code";
  if (!isAsked || !URL.canParse(redirectUri))
    return buildHtmlPage("invalid_request", "<p>PKCE with S256 is needed.</p>", 400);
  const back = new URL(redirectUri);
  back.searchParams.set("state", asked.get("state") ?? "");
  const email = form.get("email");
  const account = email === null ? undefined : findAccount(context, email);
  if (form.get("decision") === "deny" || account === undefined) {
    back.searchParams.set("error", "access_denied");
  } else {
    const code = context.mintSecret("cloudflare code", "cfc_");
    store.collection<CodeRecord>("cloudflare-codes").put(sha256(code), {
      accountId: account.accountId,
      challenge: asked.get("code_challenge") ?? "",
      redirectUri,
      expiresAt: now() + CODE_MS,
      isUsed: false,
    });
    back.searchParams.set("code", code);
  }
  return new Response(null, { status: 303, headers: { location: back.href } });
}

/** `POST /cloudflare/oauth2/token` of a public client: codes and refresh tokens, each good for one use. */
export function exchange(context: SandboxContext, body: string): Response {
  const { store, now } = context;
  const form = new URLSearchParams(body);
  const refuse = (error: string) => Response.json({ error }, { status: 400 });
  if (form.get("grant_type") === "refresh_token") {
    const tokens = store.collection<RefreshRecord>("cloudflare-refresh");
    const id = sha256(form.get("refresh_token") ?? "");
    const record = tokens.get(id);
    if (record === undefined || record.isUsed) return refuse("invalid_grant");
    tokens.put(id, { ...record, isUsed: true });
    return issue(context, record.accountId);
  }
  if (form.get("grant_type") !== "authorization_code") return refuse("unsupported_grant_type");
  const codes = store.collection<CodeRecord>("cloudflare-codes");
  const id = sha256(form.get("code") ?? "");
  const record = codes.get(id);
  const proof = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  const isGood =
    record !== undefined &&
    !record.isUsed &&
    record.expiresAt > now() &&
    record.challenge === proof &&
    record.redirectUri === form.get("redirect_uri");
  if (!isGood) return refuse("invalid_grant");
  codes.put(id, { ...record, isUsed: true });
  return issue(context, record.accountId);
}

function issue(context: SandboxContext, accountId: string): Response {
  const { store, now } = context;
  const access_token = context.mintSecret("cloudflare oauth token", "cfoat_");
  const refresh_token = context.mintSecret("cloudflare refresh token", "cfort_");
  const tokenHash = sha256(access_token);
  const expiresAt = new Date(now() + TOKEN_S * 1000).toISOString();
  const bearer = { tokenHash, provider: "cloudflare", accountId, expiresAt, revoked: false };
  store.collection<BearerRecord>("bearers").put(tokenHash, bearer);
  const refresh: RefreshRecord = { accountId, isUsed: false };
  store.collection<RefreshRecord>("cloudflare-refresh").put(sha256(refresh_token), refresh);
  return Response.json({ token_type: "bearer", access_token, refresh_token, expires_in: TOKEN_S });
}

/** `POST /cloudflare/oauth2/revoke` (RFC 7009): 200 also for what is not known. */
export function revoke({ store }: SandboxContext, body: string): Response {
  const hash = sha256(new URLSearchParams(body).get("token") ?? "");
  const bearers = store.collection<BearerRecord>("bearers");
  const bearer = bearers.get(hash);
  if (bearer !== undefined) bearers.put(hash, { ...bearer, revoked: true });
  const tokens = store.collection<RefreshRecord>("cloudflare-refresh");
  const refresh = tokens.get(hash);
  if (refresh !== undefined) tokens.put(hash, { ...refresh, isUsed: true });
  return Response.json({});
}
