import { createPublicKey, type KeyObject } from "node:crypto";
import { jwtVerify } from "jose";
import type { SandboxContext } from "../context.ts";
import { isFirstUse } from "../verify-dpop.ts";

/** The identity provider that the sandbox's providers trust. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly clientId: string;
  /** Only its public half is used. */
  readonly signingKey: KeyObject;
}

/** Who an ID-JAG vouches for. */
export interface VouchedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
}

export type AssertionAnswer =
  | { readonly kind: "valid"; readonly person: VouchedPerson }
  | { readonly kind: "invalid"; readonly error: "invalid_grant" | "invalid_request" };

/** Skew that is forgiven, in seconds. */
const TOLERANCE_S = 30;

/**
 * Reads the assertion of an RFC 7523 grant as an ID-JAG: signature by the trusted issuer, `typ`, audience, life, verified e-mail address, the key that the
 * call is proved with, and that it was not used before. `now` is the machine's time in milliseconds.
 */
export async function readAssertion(
  context: Pick<SandboxContext, "store">,
  trusted: TrustedIssuer,
  call: {
    readonly assertion: string | null;
    readonly audience: string;
    /** Thumbprint of the key in the call's DPoP proof. */
    readonly jkt: string | undefined;
    readonly now: number;
  },
): Promise<AssertionAnswer> {
  if (call.assertion === null || call.jkt === undefined)
    return { kind: "invalid", error: "invalid_request" };
  try {
    const { payload } = await jwtVerify(call.assertion, createPublicKey(trusted.signingKey), {
      typ: "oauth-id-jag+jwt",
      algorithms: ["EdDSA", "Ed25519"],
      issuer: trusted.issuer,
      audience: call.audience,
      requiredClaims: ["sub", "exp", "iat", "jti", "email"],
      maxTokenAge: 600,
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(call.now),
    });
    const { sub = "", jti, email, email_verified, cnf } = payload;
    const isBound = (cnf as { readonly jkt?: unknown } | undefined)?.jkt === call.jkt;
    const isUsable = isBound && email_verified === true && typeof email === "string";
    if (!isUsable || !isFirstUse(context.store, `id-jag ${trusted.issuer} ${jti}`, call.now))
      return { kind: "invalid", error: "invalid_grant" };
    const person = { issuer: trusted.issuer, subject: sub, email: email.toLowerCase() };
    return { kind: "valid", person };
  } catch {
    return { kind: "invalid", error: "invalid_grant" };
  }
}
