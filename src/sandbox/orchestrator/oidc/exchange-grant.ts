import { createPublicKey, randomUUID } from "node:crypto";
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Provider } from "oidc-provider";
import type { SandboxStore } from "../../context.ts";
import { isFirstUse, verifyDpop } from "../../verify-dpop.ts";
import type { IdentityKeys } from "./identity-keys.ts";

export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const JWT = "urn:ietf:params:oauth:token-type:jwt";
const ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
/** Life of an ID-JAG in seconds: the about 5 minutes that auth.md asks for. */
const ID_JAG_S = 300;

/** Errors of the token endpoint, by the library's classes. */
type Errors = typeof import("oidc-provider").errors;

/**
 * Token exchange (RFC 8693): who has signed in, as an ID token of this provider or as the platform's own word about its user, becomes an ID-JAG for one
 * provider's authorization server, bound to the key of the request's DPoP proof.
 */
export function registerExchangeGrant(
  provider: Provider,
  errors: Errors,
  {
    keys,
    store,
    isAudience,
  }: {
    readonly keys: IdentityKeys;
    readonly store: SandboxStore;
    /** Whether an audience is one that this identity provider vouches to. */
    readonly isAudience: (audience: string) => boolean;
  },
): void {
  const params = [
    "subject_token",
    "subject_token_type",
    "requested_token_type",
    "audience",
    "scope",
    "resource",
  ];
  provider.registerGrantType(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const { client } = ctx.oidc;
      const { subject_token, subject_token_type, requested_token_type, audience } = ctx.oidc
        .params as Readonly<Record<string, unknown>>;
      if (requested_token_type !== ID_JAG)
        throw new errors.InvalidRequest("only an ID-JAG can be had");
      if (typeof audience !== "string" || !isAudience(audience))
        throw new errors.InvalidTarget("this audience is not known");
      const subject = await readSubject(String(subject_token), String(subject_token_type), {
        keys,
        store,
        clientId: client.clientId,
      });
      if (subject === undefined) throw new errors.InvalidGrant("the subject token is not valid");
      const jkt = await verifyDpop(store, {
        proof: ctx.get("DPoP") || null,
        method: "POST",
        url: new URL(`${keys.issuer}/token`),
        now: Date.now(),
      });
      if (jkt === undefined) throw new errors.InvalidRequest("a DPoP proof is needed");
      const { sub, email, email_verified, auth_time } = subject;
      const token = await new SignJWT({ email, email_verified, auth_time, cnf: { jkt } })
        .setProtectedHeader({ alg: "EdDSA", typ: "oauth-id-jag+jwt", kid: keys.keyId })
        .setIssuer(keys.issuer)
        .setSubject(String(sub))
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${ID_JAG_S} s`)
        .sign(keys.signingKey);
      ctx.body = {
        access_token: token,
        issued_token_type: ID_JAG,
        token_type: "N_A",
        expires_in: ID_JAG_S,
      };
    },
    params,
    [],
  );
}

async function readSubject(
  token: string,
  type: string,
  {
    keys,
    store,
    clientId,
  }: { readonly keys: IdentityKeys; readonly store: SandboxStore; readonly clientId: string },
): Promise<JWTPayload | undefined> {
  const algorithms = ["EdDSA", "Ed25519"];
  try {
    if (type === ID_TOKEN) {
      const key = createPublicKey(keys.signingKey);
      const options = { issuer: keys.issuer, audience: clientId, algorithms };
      return (await jwtVerify(token, key, options)).payload;
    }
    if (type !== JWT) return undefined;
    const { payload } = await jwtVerify(token, createPublicKey(keys.clientKey), {
      ...{ issuer: clientId, audience: keys.issuer, algorithms, maxTokenAge: 300 },
      requiredClaims: ["sub", "exp", "jti", "email"],
    });
    return isFirstUse(store, `platform ${payload.jti}`, Date.now()) ? payload : undefined;
  } catch {
    return undefined;
  }
}
