import type { Body } from "./body-fields.ts";

/** A zone. */
export interface ZoneRecord {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly type: string;
  readonly paused: boolean;
  readonly status: "pending" | "active";
  readonly createdOn: string;
  readonly modifiedOn: string;
  readonly activatedOn: string | null;
}

/** A DNS record. */
export interface DnsRecord {
  readonly id: string;
  readonly zoneId: string;
  /** Full name. */
  readonly name: string;
  readonly type: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
  /** The rest as it came: content, ttl, proxied, comment, tags, settings, priority, data. */
  readonly fields: Body;
}

/** A Workers route; without a script it switches Workers off. */
export interface RouteRecord {
  readonly id: string;
  readonly zoneId: string;
  readonly pattern: string;
  readonly script?: string | undefined;
}

/** A host that belongs to a Worker as a whole. */
export interface CustomDomainRecord {
  readonly id: string;
  readonly accountId: string;
  readonly hostname: string;
  readonly service: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly environment: string;
  readonly certId: string;
}

/** State of a registration, in the words of the Registrar API. */
export type RegistrationState =
  | "in_progress"
  | "succeeded"
  | "failed"
  | "action_required"
  | "blocked";

/** A domain at the registrar, from the first attempt on. */
export interface RegistrationRecord {
  readonly domain: string;
  readonly accountId: string;
  readonly state: RegistrationState;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Milliseconds since the epoch: from then on the workflow moves on. */
  readonly readyAt: number;
  readonly years: number;
  readonly autoRenew: boolean;
  readonly privacyMode: string;
  readonly locked: boolean;
  /** Money as text, for the whole registration. */
  readonly price: string;
  /** One charge per attempt at most. */
  readonly chargeKey: string;
  readonly chargeId?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}
