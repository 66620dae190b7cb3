import { SignJWT } from "jose";
import { fetchJson } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { readSilence } from "../read-silence.ts";
import type { GoogleFailure, GooglePlace } from "./google-place.ts";

/** What a token may be good for: to manage projects and their bills, or to say whose it is and nothing else. */
const SCOPES = {
  manage: "https://www.googleapis.com/auth/cloud-platform",
  name: "https://www.googleapis.com/auth/userinfo.email",
} as const;
/** The longest life that Google gives one. */
const SECONDS = 3_600;

/** A token of the service account, by a signed assertion (RFC 7523; "Using OAuth 2.0 for Server to Server Applications"). */
export async function mintToken(
  place: GooglePlace,
  use: keyof typeof SCOPES,
): Promise<
  { readonly kind: "token"; readonly token: Secret; readonly expiresAt: string } | GoogleFailure
> {
  const at = Math.floor(place.signingNow() / 1000);
  const assertion = await new SignJWT({ scope: SCOPES[use] })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: place.privateKeyId })
    .setIssuer(place.clientEmail)
    .setAudience(place.tokenUrl)
    .setIssuedAt(at)
    .setExpirationTime(at + SECONDS)
    .sign(place.privateKey);
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion,
  });
  const { fetch, timeout = 30_000 } = place;
  const exchange = await fetchJson(fetch, place.tokenUrl, { method: "POST", body }, timeout);
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status } = exchange;
  if (status === 400 || status === 401 || status === 403)
    return { kind: "refused", code: "unauthorized", isAboutAsker: true };
  const token = textAt(exchange.body, ["access_token"], /^[\x21-\x7e]{8,4096}$/);
  const seconds = memberAt(exchange.body, "expires_in");
  if (status !== 200 || token === undefined || typeof seconds !== "number")
    return { kind: "unknown", code: "malformed" };
  if (!(seconds > 0 && seconds <= SECONDS)) return { kind: "unknown", code: "malformed" };
  const expiresAt = new Date(place.now() + Math.floor(seconds) * 1000).toISOString();
  return { kind: "token", token: new Secret(token), expiresAt };
}
