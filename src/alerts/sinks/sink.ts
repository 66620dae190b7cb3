import type { Alert } from "../alert.ts";

/** Why a sink did not take an alert: a closed list, because what the other side says never reaches a log. */
export type SinkCode =
  | "secret_missing"
  | "secret_malformed"
  | "address_not_allowed"
  | "unreachable"
  | "timeout"
  | "broken"
  | "unwritable"
  | "tls_failed"
  | "login_refused"
  | "recipient_refused"
  | "refused"
  | `http_${number}`;

/**
 * - `accepted`: the other side has it and said so
 * - `refused`: it does not have it
 * - `unknown`: it may have it
 */
export type SinkAnswer =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly code: SinkCode }
  | { readonly kind: "unknown"; readonly code: SinkCode };

/**
 * A place where alerts go. `deliver` MUST end by itself, MUST NOT throw for what the other side does, MUST answer `accepted` only when the other
 * side confirmed it, and MUST let a repeat be known by the alert's id. No answer and no error holds a secret.
 */
export interface AlertSink {
  /** Unique among the configured ones and stable: `log`, `webhook hooks.example.com`. */
  readonly name: string;
  /** Its acceptance is enough for a blocking alert. */
  readonly counts: boolean;
  deliver(alert: Alert): Promise<SinkAnswer>;
}
