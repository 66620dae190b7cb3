import { jwtVerify } from "jose";
import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext } from "../context.ts";
import { googleTokens } from "./google-records.ts";
import type { ServiceAccount } from "./open-service-account.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SECONDS = 3_600;

/** `POST /token`: an access token for an assertion that the service account has signed, which lives an hour at most by the machine's clock. */
export async function answerToken(
  context: SandboxContext,
  account: ServiceAccount,
  input: { readonly body: string; readonly audience: string; readonly machineNow: number },
): Promise<Response> {
  const form = new URLSearchParams(input.body);
  const refuse = () => Response.json({ error: "invalid_grant" }, { status: 400 });
  if (form.get("grant_type") !== GRANT) return refuse();
  const verified = await jwtVerify(form.get("assertion") ?? "", account.publicKey, {
    algorithms: ["RS256"],
    issuer: account.clientEmail,
    audience: input.audience,
    requiredClaims: ["iat", "exp"],
    currentDate: new Date(input.machineNow),
  }).catch(() => undefined);
  const { iat = 0, exp = 0, scope } = verified?.payload ?? {};
  if (typeof scope !== "string" || exp - iat > SECONDS) return refuse();
  const access_token = context.mintSecret("google access token", "ya29-");
  const tokenHash = sha256(access_token);
  const expiresAt = context.now() + SECONDS * 1000;
  googleTokens(context.store).put(tokenHash, { tokenHash, scope, expiresAt });
  return Response.json({ access_token, token_type: "Bearer", expires_in: SECONDS });
}
