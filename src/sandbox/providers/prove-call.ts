import type { SandboxContext } from "../context.ts";
import { verifyDpop } from "../verify-dpop.ts";
import { type AssertionAnswer, readAssertion, type TrustedIssuer } from "./assertion-grant.ts";
import { JWT_BEARER } from "./person-token.ts";

/** A call that is proved with a key (RFC 9449) instead of an orchestrator's signature. */
export interface ProvedCall {
  readonly jkt: string;
  /** Of the grant `jwt-bearer`. */
  readonly assertion: AssertionAnswer | undefined;
}

/** The issuer identifier of a provider's authorization server, which is the audience of an ID-JAG for it. */
export function nameServer(controlUrl: string, provider: string): string {
  return `${controlUrl}/providers/${encodeURIComponent(provider)}`;
}

/** Verifies proof and assertion of a call that bears a proof; undefined for every other, and for a proof that is not valid. */
export async function proveCall(
  context: SandboxContext,
  parts: { readonly trusted?: TrustedIssuer | undefined; readonly machineNow: () => number },
  call: {
    readonly request: Request;
    readonly url: URL;
    readonly path: string;
    readonly body: string;
    readonly provider: string;
  },
): Promise<ProvedCall | undefined> {
  const proof = call.request.headers.get("dpop");
  if (proof === null || parts.trusted === undefined) return undefined;
  const now = parts.machineNow();
  const { method } = call.request;
  const authorization = call.request.headers.get("authorization");
  const accessToken = /^DPoP +(\S+)$/i.exec(authorization ?? "")?.[1];
  const jkt = await verifyDpop(context.store, { proof, method, url: call.url, accessToken, now });
  if (jkt === undefined) return undefined;
  if (call.path !== "/oauth/token") return { jkt, assertion: undefined };
  const form = new URLSearchParams(call.body);
  if (form.get("grant_type") !== JWT_BEARER) return { jkt, assertion: undefined };
  const assertion = await readAssertion(context, parts.trusted, {
    assertion: form.get("assertion"),
    audience: nameServer(context.controlUrl, call.provider),
    jkt,
    now,
  });
  return { jkt, assertion };
}

/** The metadata of a provider's authorization server (RFC 8414), at the well-known path in front of the provider's own. */
export function describeServer(
  { controlUrl }: Pick<SandboxContext, "controlUrl">,
  providers: ReadonlyMap<string, unknown>,
  url: URL,
): Response | undefined {
  const found = /^\/\.well-known\/oauth-authorization-server\/providers\/([^/]+)$/.exec(
    url.pathname,
  );
  const provider = found?.[1];
  if (provider === undefined || !providers.has(provider)) return undefined;
  const issuer = nameServer(controlUrl, provider);
  return Response.json({
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    grant_types_supported: [JWT_BEARER, "refresh_token", "authorization_code"],
    token_endpoint_auth_methods_supported: ["none"],
    dpop_signing_alg_values_supported: ["EdDSA", "Ed25519", "ES256"],
    authorization_grant_profiles_supported: ["urn:ietf:params:oauth:grant-profile:id-jag"],
    scopes_supported: ["accounts:create", "accounts:link"],
  });
}
