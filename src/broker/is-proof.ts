import type { Intent } from "./ledger/ledger.ts";

/**
 * After an attempt without an answer, only these refusals tell about that attempt, too: the request itself is at fault, which was the same to the byte, so
 * that nobody can have carried it out (provisioning protocol 0.1d, error codes). Every other code may speak of the repeat alone: of a key that has expired
 * since, of a payment token that the first attempt used up, of a name that the first attempt took. Codes that nobody has heard of are among them, so that
 * the list can only be too short.
 */
const FAULTS_OF_THE_REQUEST: ReadonlySet<string> = new Set([
  "invalid_request",
  "body_not_readable",
  "body_not_decodable",
  "missing_service_id",
  "unknown_service",
  "requires_payment_credentials",
]);

/** These end an act that waits for a person, and say nothing about one without an answer. */
const ENDS_A_WAIT: ReadonlySet<string> = new Set([
  "expired",
  "account_request_expired",
  "consent_expired",
  "access_denied",
  "email_mismatch",
]);

/**
 * Whether a refusal of a repeated act tells that the attempt before came to nothing, too. Where an attempt starts afresh, it need not tell that: nothing of the
 * one before is left, or it does not matter.
 */
export function isProof(
  { waiting }: Pick<Intent, "waiting">,
  { code = "", unsent }: { readonly code?: string | undefined; readonly unsent?: true | undefined },
  startsAfresh = false,
): boolean {
  // A request that waits for a consent has certainly come to nothing so far; nothing else is over because it can't be sent again.
  if (unsent === true && waiting !== "consent") return false;
  const isWait = waiting === "consent" || waiting === "information" || waiting === "action";
  if (startsAfresh && !isWait && code !== "unreachable") return true;
  return FAULTS_OF_THE_REQUEST.has(code) || (isWait && ENDS_A_WAIT.has(code));
}
