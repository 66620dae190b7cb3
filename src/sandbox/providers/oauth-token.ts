import type { SandboxContext } from "../context.ts";
import type { OrchestratorId } from "../orchestrator/identities.ts";
import { redeemCode } from "./authorization-codes.ts";
import { mintCredentials, printCredentials, redeemRefreshToken } from "./bearer-credentials.ts";
import { buildOauthError, type ProviderAnswer } from "./provider-answer.ts";

/** `POST /oauth/token`, form-encoded: `authorization_code` and `refresh_token`, each good for one use. */
export function exchangeToken(
  context: SandboxContext,
  input: {
    readonly provider: string;
    readonly orchestrator: OrchestratorId;
    readonly body: string;
    readonly bearerSeconds: number;
  },
): ProviderAnswer {
  const form = new URLSearchParams(input.body);
  const holder = { provider: input.provider, orchestrator: input.orchestrator };
  const grant = form.get("grant_type");
  if (grant === null) return buildOauthError("invalid_request");
  if (grant !== "authorization_code" && grant !== "refresh_token")
    return buildOauthError("unsupported_grant_type");
  const proof = form.get(grant === "refresh_token" ? "refresh_token" : "code");
  if (proof === null) return buildOauthError("invalid_request");
  const verifier = form.get("code_verifier");
  const owner =
    grant === "refresh_token"
      ? redeemRefreshToken(context, proof, holder)
      : redeemCode(context, proof, { ...holder, verifier });
  if (owner === undefined) return buildOauthError("invalid_grant");
  const account = context.store
    .collection<{ readonly closed: boolean }>("accounts")
    .get(`${owner.provider}/${owner.accountId}`);
  if (account?.closed !== false) return buildOauthError("invalid_grant");
  const { provider, accountId, orchestrator } = owner;
  const credentials = mintCredentials(
    context,
    { provider, accountId, orchestrator },
    input.bearerSeconds,
  );
  return {
    status: 200,
    body: { token_type: "bearer", ...printCredentials(credentials, accountId) },
  };
}
