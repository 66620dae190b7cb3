import { createPrivateKey, randomUUID } from "node:crypto";
import { type Fetch, fetchJson } from "../../../util/fetch-json.ts";
import type { SelfConnection } from "./connection.ts";
import type { AuthorizationServer } from "./open-server.ts";

/** What the platform proves with its key, and what it checks of its identity provider. */
export interface ClientProof {
  /** A JWT of the platform's. */
  sign(claims: Readonly<Record<string, string | number | boolean>>): Promise<string>;
  /** The form fields of `private_key_jwt` (RFC 7523) for one call. */
  authenticate(issuer: string): Promise<Readonly<Record<string, string>>>;
  /** The claims of an ID token of this issuer for us, or undefined when anything about it is wrong. */
  verifyIdToken(
    token: string,
    server: AuthorizationServer,
  ): Promise<Readonly<Record<string, unknown>> | undefined>;
}

export function createClientProof(
  { clientId, clientKey }: Pick<SelfConnection, "clientId" | "clientKey">,
  options: { readonly fetch: Fetch; readonly now: () => number; readonly timeout: number },
): ClientProof {
  const key = createPrivateKey({ key: clientKey, format: "jwk" });
  const sign: ClientProof["sign"] = async (claims) => {
    const { SignJWT } = await import("jose");
    return new SignJWT({ iss: clientId, ...claims })
      .setProtectedHeader({ alg: "EdDSA", typ: "JWT", kid: "client" })
      .sign(key);
  };
  return {
    sign,
    async authenticate(issuer) {
      const seconds = Math.floor(options.now() / 1000);
      const assertion = await sign({
        ...{ sub: clientId, aud: issuer, jti: randomUUID() },
        ...{ iat: seconds, exp: seconds + 120 },
      });
      return {
        client_id: clientId,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion,
      };
    },
    async verifyIdToken(token, server) {
      const { createLocalJWKSet, jwtVerify } = await import("jose");
      const url = server.endpoint("jwks_uri");
      if (url === undefined) return undefined;
      const found = await fetchJson(options.fetch, url, {}, options.timeout);
      if (found.kind === "failure" || found.status !== 200) return undefined;
      try {
        const keys = createLocalJWKSet(found.body as Parameters<typeof createLocalJWKSet>[0]);
        const { payload } = await jwtVerify(token, keys, {
          issuer: server.issuer,
          audience: clientId,
          algorithms: ["EdDSA", "Ed25519", "ES256", "PS256", "RS256"],
          currentDate: new Date(options.now()),
        });
        return payload.email_verified === true ? payload : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
