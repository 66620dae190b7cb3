import type { Json } from "../../util/canonical-json.ts";

/** A body and its HTTP status. */
export interface ProviderAnswer {
  readonly status: number;
  readonly body: Json;
}

/** Codes of the provisioning protocol 0.1d that the sandbox's providers use, and the sentence that goes with each. */
const MESSAGES = {
  invalid_signature: "the request is not signed by a known orchestrator",
  invalid_api_version: "API-Version 0.1d is needed",
  body_not_readable: "the body cannot be read",
  body_not_decodable: "the body is not a JSON object",
  server_error: "internal error",
  invalid_request: "the request is incomplete or wrong",
  account_request_expired: "the account request has expired",
  unauthorized: "the bearer is not valid",
  account_creation_failed: "the account cannot be made",
  unknown_service: "no such service",
  missing_service_id: "service_id is missing",
  requires_payment_credentials: "this service needs payment credentials",
  billing_activation_failed: "the payment credentials cannot be charged",
  plan_required: "a plan must be active first",
  not_found: "no such object",
  forbidden: "the account belongs to another orchestrator",
  idempotency_conflict: "the key was used for another request",
  credential_rotation_failed: "there are no credentials to rotate",
  invalid_state: "the object's state does not allow this",
  unsupported_purpose: "only the purpose dashboard exists",
  deep_links_not_enabled: "this provider has no deep links",
  invalid_path: "the path is not allowed",
} as const;
export type ProviderErrorCode = keyof typeof MESSAGES;

function describe(code: ProviderErrorCode, detail?: string): Json {
  return { code, message: detail === undefined ? MESSAGES[code] : `${MESSAGES[code]}: ${detail}` };
}

/** `{"error":...}`: signature, version and body errors, and deep links. */
export function buildFlatError(status: number, code: ProviderErrorCode): ProviderAnswer {
  return { status, body: { error: describe(code) } };
}

/** `{"type":"error",...}`: account requests and bearer errors. `id` is the request's. */
export function buildTypedError(
  status: number,
  code: ProviderErrorCode,
  id?: string,
  detail?: string,
): ProviderAnswer {
  const error = describe(code, detail);
  return { status, body: { type: "error", ...(id === undefined ? {} : { id }), error } };
}

/** `{"status":"error",...}`: resources. `id` is the resource's, or the caller's own when there is none yet. */
export function buildStatusError(
  status: number,
  code: ProviderErrorCode,
  id: string,
  detail?: string,
): ProviderAnswer {
  return { status, body: { status: "error", id, error: describe(code, detail) } };
}

/** `{"error":"<code>"}`: the token endpoint (RFC 6749, section 5.2). */
export function buildOauthError(
  code: "invalid_request" | "invalid_grant" | "unsupported_grant_type",
): ProviderAnswer {
  return { status: 400, body: { error: code } };
}
