/**
 * What can stand in the log. A name once released keeps its meaning. Where Vercel's audit log has a word for the same thing at an orchestrator
 * (`account-linked`, `account-relinked`, `account-unlinked`, `credentials-rotated`), it is that one.
 */
export const EVENT_NAMES = [
  "run-begun",
  "state-opened",
  "state-sealed",
  "account-requested",
  "account-linked",
  "account-relinked",
  "account-link-requested",
  "account-link-opened",
  "account-moved",
  "claim-link-shown",
  "dashboard-link-shown",
  "account-adopted",
  "account-updated",
  "account-consent-required",
  "account-kept",
  "account-unlinked",
  "app-domain-requested",
  "app-domain-claimed",
  "credentials-rotating",
  "credentials-rotated",
  "payment-token-requested",
  "payment-token-doubted",
  "payment-token-issued",
  "payment-token-presenting",
  "payment-token-presented",
  "payment-token-adopted",
  "payment-token-updated",
  "payment-token-revoking",
  "payment-token-revoked",
  "payment-token-ended",
  "access-token-requested",
  "access-token-issued",
  "access-token-adopted",
  "access-token-updated",
  "access-token-renewing",
  "access-token-renewed",
  "access-token-revoking",
  "access-token-revoked",
  "domain-requested",
  "domain-registered",
  "domain-adopted",
  "domain-updating",
  "domain-updated",
  "service-requested",
  "service-provisioned",
  "service-adopted",
  "service-updated",
  "service-removing",
  "service-removed",
  "service-left",
  "secret-requested",
  "secret-created",
  "secret-adopted",
  "secret-rotated",
  "secret-forgetting",
  "secret-forgotten",
  "act-denied",
  "act-queued",
  "act-resent",
  "act-waiting",
  "act-unknown",
  "act-refused",
  "act-abandoned",
  "settled-as-happened",
  "settled-as-never-happened",
  "settled-as-ended",
  "charged-above-hold",
  "revocation-ordered",
  "revocation-unconfirmed",
  "session-ended",
  "session-kept",
  "session-left",
  "session-revoking",
  "session-revoked",
  "service-credentials-rotating",
  "service-credentials-rotated",
  "frozen",
  "unfrozen",
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** Who acted, for whom, under which rules. */
export interface Actor {
  /** One session of the broker: one `up`, one `destroy`. */
  readonly run: string;
  /** Whose permissions were asked, `agent:build-bot` or `human:founder@example.com`. */
  readonly subject?: string | undefined;
  /** The agent that the manifest names. */
  readonly agent?: string | undefined;
  /** The person who is accountable. */
  readonly principal?: string | undefined;
  /** SHA-256 of the manifest's bytes. */
  readonly manifest?: string | undefined;
  /** Version of the policy: SHA-256 of the guardrails that applied. */
  readonly policy?: string | undefined;
}

/** One fact, before it has its place in the log. Never holds a secret, nor text of a provider other than a code of the form `[a-z0-9_]+`. */
export interface LogEvent {
  readonly name: EventName;
  readonly actor: Actor;
  /** The resource it is about. */
  readonly resource?:
    | { readonly project: string; readonly stack: string; readonly name: string }
    | undefined;
  /** What it is about in the world: a domain's name, a service of the catalogue. */
  readonly object?: string | undefined;
  readonly lease?: string | undefined;
  readonly provider?: string | undefined;
  /** Through which orchestrator or issuer. */
  readonly via?: string | undefined;
  /** Money as text. */
  readonly amount?: string | undefined;
  /** The act's idempotency key. */
  readonly intent?: string | undefined;
  /** Fingerprint of the act's inputs. */
  readonly fingerprint?: string | undefined;
  /** The decision that the act rests on: one policy, one subject, one act. */
  readonly decision?: string | undefined;
  /** The provider's own id of the exchange, where it gave one of a known form. */
  readonly request?: string | undefined;
  readonly code?: string | undefined;
}

/** An event in its place. `previous` is the leaf hash of the entry before, or 64 zeros. */
export interface LogEntry extends LogEvent {
  /** From 0, without holes. */
  readonly sequence: number;
  readonly previous: string;
  /** RFC 3339 UTC; never earlier than the entry before. */
  readonly at: string;
}
