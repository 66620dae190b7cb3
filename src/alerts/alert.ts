import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { sha256 } from "../util/sha256.ts";

/** `critical` needs a person now, `warning` soon, `info` is to be known. */
export type AlertSeverity = "info" | "warning" | "critical";

/** Who did what, where; whatever of it is known. */
export interface AlertSubject {
  readonly agent?: string | undefined;
  readonly project?: string | undefined;
  readonly stack?: string | undefined;
  readonly resource?: string | undefined;
  readonly provider?: string | undefined;
}

interface AlertBase {
  /** The same fact has the same id, so a repeat is no second alert: see {@link identifyAlert}. */
  readonly id: string;
  readonly severity: AlertSeverity;
  /** Nothing under its cap is dispatched before a sink has accepted it. */
  readonly blocks: boolean;
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly subject: AlertSubject;
}

/** A cap is used up to a threshold. Amounts are text: `90.00 USD`, `2 domains`. */
export interface ThresholdAlert extends AlertBase {
  readonly kind: "threshold";
  /** The cap's account in the ledger, `provider/cloudflare/2026-11`. */
  readonly cap: string;
  /** What the cap runs over: a month `2026-11`, a run, a stretch of a rolling window, `all`. */
  readonly window: string;
  /** Per cent. */
  readonly threshold: number;
  /** Per cent of the limit that are committed, rounded down. */
  readonly share: number;
  readonly limit: string;
  /** Held, spent and unknown together, the reservation that reached the threshold included. */
  readonly committed: string;
}

/** Money goes to a category or a provider for the first time. */
export interface FirstSpendAlert extends AlertBase {
  readonly kind: "first-spend";
  readonly of: "category" | "provider";
  readonly name: string;
  readonly amount: string;
}

/** At this pace, or with the renewals that are due, the window ends above its cap. */
export interface ForecastAlert extends AlertBase {
  readonly kind: "forecast";
  readonly cap: string;
  readonly window: string;
  readonly limit: string;
  readonly committed: string;
  /** Of what is committed: renewals. */
  readonly renewals: string;
  readonly expected: string;
}

/** Many acts were denied in a short time: somebody tries. */
export interface DenialBurstAlert extends AlertBase {
  readonly kind: "denial-burst";
  /** Whose denials were counted. */
  readonly scope: string;
  readonly count: number;
  readonly minutes: number;
}

/** It has not been known for a while whether a provider acted; the money stays held. */
export interface UnknownOutcomeAlert extends AlertBase {
  readonly kind: "unknown-outcome";
  /** The act's idempotency key. */
  readonly intent: string;
  /** RFC 3339 UTC of the dispatch. */
  readonly since: string;
  readonly held: string;
}

/** Nothing happened: somebody tries the way. */
export interface TestAlert extends AlertBase {
  readonly kind: "test";
}

/** One fact that people are told. Holds no secret and no text of a provider. */
export type Alert =
  | ThresholdAlert
  | FirstSpendAlert
  | ForecastAlert
  | DenialBurstAlert
  | UnknownOutcomeAlert
  | TestAlert;

/** `alert_` and 32 hexadecimal digits of the hash of what makes the fact this one and no other. */
export function identifyAlert(kind: Alert["kind"], parts: readonly string[]): string {
  return `alert_${sha256(canonicalJson([kind, ...parts])).slice(0, 32)}`;
}

/** One line of canonical JSON: what is stored, signed and sent. */
export function printAlert(alert: Alert): string {
  return canonicalJson(JSON.parse(JSON.stringify(alert)) as Json);
}
