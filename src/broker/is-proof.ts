import type { Intent } from "./ledger/ledger.ts";

/** When an act may have been sent before, a refusal for one of these reasons says nothing about the first attempt: it is about us, not about the act. */
const NO_PROOF_AFTER_DOUBT = new Set([
  "unreachable",
  "unauthorized",
  "forbidden",
  "invalid_signature",
  "invalid_api_version",
  "rate_limited",
  "idempotency_conflict",
  "idempotency_error",
  "invalid_client",
  "unauthorized_client",
  "invalid_target",
  "malformed_assertion",
  "device_flow_unsupported",
  "auth_required",
  "json_requires_auth",
  "browser_auth_required",
  "projects_session_unusable",
  "project_not_initialized",
  "account_not_eligible",
  "merchant_mismatch",
  "terms_not_accepted",
  "provider_not_linked",
  "plan_required",
  "json_requires_confirmation",
  "price_confirmation_required",
  "limit_not_set",
]);

/** These end an act that waits for a person, and say nothing about one without an answer. */
const ENDS_A_WAIT = new Set([
  "expired",
  "account_request_expired",
  "consent_expired",
  "access_denied",
  "email_mismatch",
]);

/** Whether a refusal of a repeated act tells that the attempt before came to nothing, too. */
export function isProof(
  { waiting }: Pick<Intent, "waiting">,
  { code = "", unsent }: { readonly code?: string | undefined; readonly unsent?: true | undefined },
): boolean {
  // A request that waits for a consent has certainly come to nothing so far; nothing else is over because it can't be sent again.
  if (unsent === true && waiting !== "consent") return false;
  const isWait = waiting === "consent" || waiting === "information" || waiting === "action";
  return !NO_PROOF_AFTER_DOUBT.has(code) && (isWait || !ENDS_A_WAIT.has(code));
}
