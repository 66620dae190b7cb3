import type { BrokerFailure } from "../broker/errors.ts";
import { type FailureKind, type Refusal, refuse } from "./outcome.ts";

/** Failures of the broker itself after which a person must look. */
const PERSON: ReadonlySet<BrokerFailure["code"]> = new Set([
  "ledger_rolled_back",
  "log_contradicted",
  "log_rolled_back",
  "log_forked",
  "log_key_missing",
  "log_key_exposed",
  "witness_unknown_log",
  "keystore_missing",
  "keystore_exposed",
  "token_disabled",
  "consent_required",
  "email_mismatch",
  "consent_refused",
  "consent_expired",
  "terms_not_accepted",
  "lease_revoked",
]);

/** A failure of the broker as a refusal. */
export function refuseBroker({ code, message, remedy, link }: BrokerFailure): Refusal {
  const kind: FailureKind = code === "frozen" ? "refused" : PERSON.has(code) ? "person" : "remote";
  const details = link === undefined ? undefined : { link };
  const shown = link === undefined ? remedy : `Open ${link}, then run the same command again.`;
  // An operation's codes are written with hyphens.
  return refuse({ kind, code: code.replaceAll("_", "-"), message, remedy: shown, details });
}
