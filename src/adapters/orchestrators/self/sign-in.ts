import { randomUUID } from "node:crypto";
import type { JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { AccountAnswer, SessionEnd } from "../contract.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import type { AdapterVault } from "../vault.ts";
import type { ClientProof } from "./client-proof.ts";
import type { AuthorizationServer } from "./open-server.ts";
import { readOauthFailure } from "./read-oauth-failure.ts";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/** What stands for the person who has signed in, or the answer of an account request that ends here. */
export type SignedIn =
  | { readonly kind: "subject"; readonly token: string; readonly type: string }
  | AccountAnswer;

/** A longer life of a device code is no lifetime but a mistake; ten years, in seconds. */
const LIFE_MOST = 315_360_000;

export interface SignInPlace {
  readonly server: AuthorizationServer;
  readonly client: ClientProof;
  /** Who we are at this identity provider. */
  readonly clientId: string;
  readonly vault: AdapterVault;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The platform's own word about its user, good for one exchange. */
export async function statePlatformSession(
  { server, client, now }: SignInPlace,
  email: string,
): Promise<SignedIn> {
  const seconds = Math.floor(now() / 1000);
  const token = await client.sign({
    ...{ sub: email, email, email_verified: true, auth_time: seconds },
    ...{ aud: server.issuer, jti: randomUUID(), iat: seconds, exp: seconds + 120 },
  });
  return { kind: "subject", token, type: "urn:ietf:params:oauth:token-type:jwt" };
}

/**
 * The ID token of a person who signs in with a browser (RFC 8628): from the refresh token of an earlier sign-in, else from one that is under way, else a new one is
 * begun and its link answered. Someone else than `email` is a mismatch, and forgotten.
 */
export async function signInByDevice(place: SignInPlace, email: string): Promise<SignedIn> {
  const { server, client, vault, now } = place;
  const endpoint = server.endpoint("token_endpoint") ?? "";
  const ask = async (form: Readonly<Record<string, string>>): Promise<JsonExchange> =>
    server.post(endpoint, { ...form, ...(await client.authenticate(server.issuer)) });
  const { session, begun } = nameKept(place, email);
  const kept = await vault.read(session);
  if (kept !== undefined) {
    const exchange = await ask({ grant_type: "refresh_token", refresh_token: kept.reveal() });
    const signedIn = await readSignIn(place, exchange, { email, session, begun });
    if (signedIn.kind !== "refused" || signedIn.code !== "invalid_grant") return signedIn;
    await vault.write(session, undefined);
  }
  const pending = readPending(await vault.read(begun));
  if (pending !== undefined) {
    const exchange = await ask({ grant_type: DEVICE_CODE, device_code: pending.code });
    const signedIn = await readSignIn(place, exchange, { email, session, begun });
    const isWaiting =
      signedIn.kind === "refused" &&
      (signedIn.code === "authorization_pending" || signedIn.code === "slow_down");
    if (isWaiting) return { kind: "consent", url: pending.url, expiresAt: pending.expiresAt };
    if (signedIn.kind === "refused") await vault.write(begun, undefined);
    return signedIn;
  }
  const start = server.endpoint("device_authorization_endpoint");
  if (start === undefined) return { kind: "refused", code: "device_flow_unsupported" };
  const proof = await client.authenticate(server.issuer);
  const exchange = await server.post(start, { scope: "openid email", ...proof });
  if (exchange.kind === "failure" || exchange.status !== 200) return readOauthFailure(exchange);
  const code = textAt(exchange.body, ["device_code"]);
  const url = readConsentUrl(
    textAt(exchange.body, ["verification_uri_complete"]) ??
      textAt(exchange.body, ["verification_uri"]),
  );
  const seconds = memberAt(exchange.body, "expires_in");
  if (code === undefined || url === undefined || typeof seconds !== "number")
    return { kind: "unknown", code: "malformed" };
  if (!(seconds > 0 && seconds <= LIFE_MOST)) return { kind: "unknown", code: "malformed" };
  const expiresAt = new Date(now() + Math.floor(seconds) * 1000).toISOString();
  await vault.write(begun, new Secret(JSON.stringify({ code, url, expiresAt })));
  return { kind: "consent", url, expiresAt };
}

/** Ends a person's sign-in: its refresh token is revoked at the identity provider (RFC 7009), and forgotten once that is confirmed. */
export async function forgetSignIn(place: SignInPlace, email: string): Promise<SessionEnd> {
  const { server, client, vault } = place;
  const { session, begun } = nameKept(place, email);
  await vault.write(begun, undefined);
  const kept = await vault.read(session);
  if (kept === undefined) return { kind: "ended" };
  const url = server.endpoint("revocation_endpoint");
  if (url === undefined) return { kind: "unknown", code: "unreachable" };
  const proof = await client.authenticate(server.issuer);
  const form = { token: kept.reveal(), token_type_hint: "refresh_token", ...proof };
  const asked = await server.post(url, form);
  if (asked.kind === "failure" || asked.status !== 200)
    return { kind: "unknown", code: "not_confirmed" };
  await vault.write(session, undefined);
  return { kind: "ended" };
}

/**
 * Under which names a person's sign-in is kept. Each identity provider, and each client there, has names of its own: what one of them gave is never sent to
 * another.
 */
function nameKept({ server, clientId }: SignInPlace, email: string) {
  const at = [server.issuer, clientId, email].map(encodeURIComponent).join("/");
  return { session: `session/${at}`, begun: `device/${at}` };
}

async function readSignIn(
  { server, client, vault }: SignInPlace,
  exchange: JsonExchange,
  {
    email,
    session,
    begun,
  }: { readonly email: string; readonly session: string; readonly begun: string },
): Promise<SignedIn> {
  if (exchange.kind === "failure" || exchange.status !== 200) return readOauthFailure(exchange);
  const token = textAt(exchange.body, ["id_token"]);
  const refreshToken = textAt(exchange.body, ["refresh_token"]);
  const claims = token === undefined ? undefined : await client.verifyIdToken(token, server);
  if (token === undefined || claims === undefined) return { kind: "unknown", code: "malformed" };
  await vault.write(begun, undefined);
  if (textAt(claims, ["email"])?.toLowerCase() !== email.toLowerCase()) {
    await vault.write(session, undefined);
    return { kind: "refused", code: "email_mismatch" };
  }
  if (refreshToken !== undefined) await vault.write(session, new Secret(refreshToken));
  return { kind: "subject", token, type: "urn:ietf:params:oauth:token-type:id_token" };
}

function readPending(
  kept: Secret | undefined,
): { readonly code: string; readonly url: string; readonly expiresAt: string } | undefined {
  return kept === undefined
    ? undefined
    : (JSON.parse(kept.reveal()) as { code: string; url: string; expiresAt: string });
}
