import type { ResourceAnswer } from "../contract.ts";
import type { Envelope } from "./read-envelope.ts";

/** Raised before the provider is asked for anything. Every other failure of a create leaves it open. */
const NOTHING_DONE = new Set([
  "missing",
  "tos_acceptance_required",
  "json_requires_confirmation",
  "json_requires_auth",
  "auth_required",
  "browser_auth_required",
  "projects_session_unusable",
  "account_not_eligible",
  "merchant_mismatch",
  "project_not_initialized",
  "provider_not_linked",
  "plan_required",
  "price_confirmation_required",
]);
/** Nothing was started by this call. */
const NOT_STARTED = new Set(["missing", "busy", "email_mismatch"]);

/** Whether it is certain that the command did nothing. */
export function isNothing(envelope: Envelope): boolean {
  if (envelope.kind === "ok") return false;
  return (envelope.kind === "lost" ? NOT_STARTED : NOTHING_DONE).has(envelope.code);
}

/** Of a look: a failure says nothing about what was looked at. */
export function toUnknown(envelope: Envelope) {
  return { kind: "unknown", code: envelope.kind === "ok" ? "malformed" : envelope.code } as const;
}

/** Of what makes something: a no where it is certain that nothing came of it. */
export function toFailure(
  envelope: Envelope,
): ResourceAnswer & { readonly kind: "refused" | "unknown" } {
  if (envelope.kind === "lost" && NOT_STARTED.has(envelope.code))
    return refuse(envelope.code === "email_mismatch" ? envelope.code : "unreachable");
  return envelope.kind === "error" && NOTHING_DONE.has(envelope.code)
    ? refuse(envelope.code)
    : toUnknown(envelope);
}

/** The CLI's own no, before it asked anybody for anything. Only a person accepts terms, whoever asks for it. */
export function refuse(code: string) {
  const known = code === "tos_acceptance_required" ? "terms_not_accepted" : code;
  return { kind: "refused", code: known, unsent: true } as const;
}
