import type { Issuer } from "../adapters/issuers/contract.ts";
import type { Orchestrator } from "../adapters/orchestrators/contract.ts";
import type { VendorClient } from "../adapters/vendors/contract.ts";
import type { Delivery } from "../alerts/deliver-alerts.ts";
import type { Price } from "../catalog/catalog.ts";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import type { Verb } from "../compiler/vocabulary.ts";
import type { SealedLog } from "../log/append/sealed-log.ts";
import type { Actor } from "../log/event.ts";
import type { Delegation, NeededBy } from "../permissions/delegation.ts";
import type { Money } from "../util/money.ts";
import type { Clock } from "./clock.ts";
import type { Keystore } from "./keystore.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { BrokerRequest, LeaseKind } from "./protocol.ts";
import type { Random } from "./random.ts";
import type { RequestIds } from "./request-ids.ts";
import type { StepObserver } from "./steps.ts";

/** What the broker knows of a provider besides how to call it. */
export interface ProviderTerms {
  /** The payee that payment tokens for it are bound to. */
  readonly payee: string;
  /** What issuers call it that have another name for it, by issuer. */
  readonly payees?: Readonly<Record<string, string>> | undefined;
  /** The free plan whose creation presents a payment token; absent where tokens are presented with each purchase only. */
  readonly presentWith?: string | undefined;
}

/** How providers, orchestrators and issuers are called. */
export interface BrokerAdapters {
  /** By provider. */
  readonly orchestrators: Readonly<Record<string, readonly Orchestrator[]>>;
  readonly issuers: readonly Issuer[];
  /** By provider; absent for providers that only speak the provisioning protocol. */
  readonly vendors: Readonly<Record<string, VendorClient>>;
}

/** What one service costs and where it counts. */
export interface ServiceQuote {
  readonly price: Price;
  /** As it stands in the list; untrusted, never shown. Empty where there is none. */
  readonly text?: string | undefined;
  /** What stands beside it there; likewise. */
  readonly detail?: string | undefined;
  /** All that the service is in. */
  readonly categories: readonly string[];
}

/** Waiting times in milliseconds and limits of repetition. */
export interface Timing {
  /** How long a purchase that reaches nobody is queued: the life of its quote. */
  readonly quoteLife: number;
  /** How long a provider's own promise of idempotency is relied on after the first dispatch. */
  readonly resendWindow: number;
  /** After that, an absence that is seen again and again is believed. */
  readonly consistencyWindow: number;
  readonly absenceChecks: number;
  readonly absencePause: number;
  readonly pollFirst: number;
  readonly pollMost: number;
  readonly pollSlow: number;
  readonly pollTotal: number;
  readonly paymentTokenLife: number;
  /** Refresh the account's credential when it has less than this left. */
  readonly refreshMargin: number;
}

/** Defaults. The resend window is the 24 hours of Stripe's idempotency less a margin (https://docs.stripe.com/idempotency). */
export const DEFAULT_TIMING: Timing = {
  quoteLife: 24 * 3_600_000,
  resendWindow: 23 * 3_600_000,
  consistencyWindow: 600_000,
  absenceChecks: 3,
  absencePause: 2_000,
  pollFirst: 500,
  pollMost: 15_000,
  pollSlow: 30_000,
  pollTotal: 480_000,
  paymentTokenLife: 32 * 86_400_000,
  refreshMargin: 300_000,
};

/** What is known of an act that the permission matrix is asked about. */
export interface ActFacts {
  /** Pulumi logical name. */
  readonly resource?: string | undefined;
  readonly provider?: string | undefined;
  /** What it costs at once; undefined when that is not known yet. */
  readonly amount?: Money | undefined;
  /** The sub-agents through whom the run's subject asks, outermost first; empty when it asks itself. */
  readonly delegations?: readonly Delegation[] | undefined;
}

/** The permission matrix for the subject that a run acts as. */
export type Permits = (verb: Verb, kind: LeaseKind, facts: ActFacts) => boolean;

/** All that an act works with. */
export interface BrokerContext {
  readonly ledger: Ledger;
  /** The log's signed and witnessed tree. */
  readonly log: SealedLog;
  readonly alerts: Delivery;
  readonly keystore: Keystore;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: StepObserver;
  readonly limits: Limits;
  readonly timing: Timing;
  readonly adapters: BrokerAdapters;
  readonly providers: Readonly<Record<string, ProviderTerms>>;
  permits: Permits;
  neededBy: NeededBy;
  isPlanned(request: BrokerRequest): boolean;
  /**
   * What was approved: the price of the catalogue that the manifest was compiled with; undefined means that it is not known. `service` is `provider/service_id`.
   * With `pricing`, what that statement of the provider's comes to for the same service and plans.
   */
  quoteService(
    service: string,
    config: Readonly<Record<string, string | number | boolean>>,
    pricing?: unknown,
  ): ServiceQuote | undefined;
  run(): string;
  /** Who acts in this run. */
  actor(): Actor;
  readonly requestIds: RequestIds;
  /** How often what was refused, by run and kind of act. */
  readonly refusals: Map<string, number>;
  /** Runs work on one thing at a time. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}
