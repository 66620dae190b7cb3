import type { Fetch } from "../../util/fetch-json.ts";
import type { Money } from "../../util/money.ts";
import type { Secret } from "../../util/secret.ts";

/**
 * What the credential itself enforces, outside of us. What it does not, our ledger enforces: nothing is bought but what is held there first,
 * and a token whose end the credential does not know is revoked by the broker.
 */
export interface IssuerCapabilities {
  /** Refuses a charge that would take it above its amount. */
  readonly amountCap: boolean;
  /** Counts its amount from zero again with each calendar month, as it is issued here. */
  readonly resets: boolean;
  /** Whom it can be charged by: one payee, a category of payees, or whoever has it. */
  readonly payee: "one" | "category" | "anyone";
  /** Refuses charges in another currency. */
  readonly currency: boolean;
  /** Dies by itself at the time that was asked for. */
  readonly expiry: boolean;
  /** Can be killed before its time, so that nothing can be charged from then on. */
  readonly revocation: boolean;
  /** Can be charged once only. */
  readonly singleUse: boolean;
  /** The issuer reports by signed webhooks what becomes of it. */
  readonly webhook: boolean;
}

/** What is known of an issuer without calling it; the default export of an adapter's `index.ts`. */
export interface IssuerProfile {
  /** The manifest's word for it under `payment`, and the name of its folder. */
  readonly id: string;
  readonly title: string;
  readonly capabilities: IssuerCapabilities;
  /** Who can have it, in a few words. */
  readonly access: string;
}

export type IssueAnswer =
  | {
      readonly kind: "issued";
      readonly token: Secret;
      readonly reference: string;
      readonly expiresAt: string;
    }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/** `captured` is zero where the issuer tells no amounts. */
export type PaymentTokenState =
  | { readonly kind: "active"; readonly captured: Money; readonly expiresAt: string }
  | { readonly kind: "deactivated"; readonly reason: string; readonly captured: Money }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly code: string };

/** What a payee is given so that it can charge. */
export type RevealAnswer =
  | {
      readonly kind: "revealed";
      /** The form that `credential` has, as the provisioning protocol names it in `payment_credentials`. */
      readonly type: string;
      readonly credential: Secret;
    }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/** A webhook as it came in. */
export interface WebhookMessage {
  /** The exact bytes as text: signatures are over them. */
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export type WebhookAnswer =
  /**
   * Signed by the issuer, and a reason to {@link Issuer.read}, no more: an event may be old, come twice, or be signed over less than its text (PayPal signs a
   * CRC-32, which anyone can keep while changing it). `reference` is that of {@link IssueAnswer}; absent where the event is about something else.
   */
  | {
      readonly kind: "event";
      readonly about: "used" | "ended" | "other";
      readonly reference?: string | undefined;
    }
  /** Not signed by the issuer, or too old, or not readable: it proves nothing. */
  | { readonly kind: "refused"; readonly code: string };

export interface TokenOrder {
  /** At most 64 characters of `[A-Za-z0-9_-]`. */
  readonly key: string;
  readonly payee: string;
  /**
   * In minor units of ISO 4217, which need not be the issuer's: an adapter MUST convert by the table that the issuer publishes, and refuse what isn't in it
   * with `currency_unsupported` before anything is sent.
   */
  readonly cap: Money;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** Issues payment tokens. Every method answers with a value; it throws only for a bug. */
export interface Issuer {
  readonly id: string;
  readonly capabilities: IssuerCapabilities;
  /** True when the issuer answers us. Absent where it cannot be told; the broker then takes it for healthy. */
  isHealthy?(): Promise<boolean>;
  /**
   * MUST be safe to repeat with the same `key` for a day: at most one token comes of it. `unreachable` is the one refusal that another issuer may be asked
   * after: it MUST mean that nothing was received.
   */
  issue(order: TokenOrder): Promise<IssueAnswer>;
  read(token: Secret): Promise<PaymentTokenState>;
  /** Repeating is harmless. Answers with what a read after it showed. */
  revoke(token: Secret): Promise<PaymentTokenState>;
  /**
   * Asked when the payee is given the means to charge, and kept nowhere. Absent where that is the token itself, of the type `stripe_payment_token`.
   * May be repeated; whatever it gave dies with the token.
   */
  reveal?(
    token: Secret,
    terms: { readonly payee: string; readonly expiresAt: string },
  ): Promise<RevealAnswer>;
  /** Believes a webhook only by its signature. Absent where there are none. */
  readWebhook?(message: WebhookMessage): Promise<WebhookAnswer>;
}

/** What an adapter's client is given besides its part of the connection. */
export interface IssuerServices {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Opens an adapter's client on its part of the broker's connection, which holds secrets; undefined when that part has another form. */
export type OpenIssuer = (connection: unknown, services: IssuerServices) => Issuer | undefined;
