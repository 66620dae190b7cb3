import type { Outbox } from "../../alerts/outbox.ts";
import type { Recurring } from "../../catalog/recurrence.ts";
import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { LogEvent } from "../../log/event.ts";
import type { Json } from "../../util/canonical-json.ts";
import type { Money } from "../../util/money.ts";
import type { Identity, LeaseKind } from "../protocol.ts";
import type { KeptAlert } from "./alert-book.ts";
import type { CommittedLine } from "./committed-line.ts";
import type { UsageLine } from "./list-usage.ts";

/** What an intent is for. `create` opens a lease; the others act on one. */
export type IntentVerb =
  | "create"
  | "present"
  | "claim"
  | "refresh"
  | "link"
  | "move"
  | "renew"
  | "replace"
  | "rotate"
  | "withdraw"
  | "update"
  | "delete";

/**
 * - `recorded`: never sent
 * - `dispatched`: may have been sent, no final answer yet
 * - `answered`: a final answer is stored
 * - `settled`: done
 * - `refused`, `abandoned`: done, and nothing came of it
 */
export type IntentState =
  | "recorded"
  | "dispatched"
  | "answered"
  | "settled"
  | "refused"
  | "abandoned";

/** Why a dispatched intent has no final answer; `queued`: one that was never sent waits for the provider to be reached. */
export type Waiting = "queued" | "unknown" | "consent" | "pending" | "action" | "information";

/** One act in the journal. Times are milliseconds since the epoch. */
export interface Intent {
  readonly key: string;
  readonly identity: Identity;
  readonly kind: LeaseKind;
  readonly verb: IntentVerb;
  readonly generation: number;
  readonly lease: string;
  readonly provider: string;
  /** The adapter that it goes through, and no other while it is open. */
  readonly via: string;
  readonly fingerprint: string;
  /** What a repeat must send again unchanged; no secrets. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly state: IntentState;
  readonly waiting: Waiting | undefined;
  /** How often it was marked as sent. */
  readonly attempts: number;
  readonly recordedAt: number;
  readonly dispatchedAt: number | undefined;
  /** Sealed answer. */
  readonly outcome: string | undefined;
}

/** Of a queued intent, when its quote ends: it is never sent from then on, and what it holds is given back. */
export const QUEUED_UNTIL = "queuedUntil";

/**
 * - `opening`: exists, not usable yet
 * - `kept`: the stack let go of it, it lives on
 * - `revoking`: its credential is handed out no more; that it is dead outside is not confirmed yet
 * - `revoked`: its credential is dead; only a person's rotation brings it back
 */
export type LeaseState = "opening" | "live" | "kept" | "revoking" | "revoked" | "closed";
export type Revocability = "now" | "expires" | "never";

export interface Lease {
  readonly id: string;
  readonly identity: Identity;
  readonly kind: LeaseKind;
  readonly generation: number;
  readonly provider: string;
  /** The lease that it hangs on: the account's, or undefined. */
  readonly parent: string | undefined;
  readonly state: LeaseState;
  readonly revocability: Revocability;
  /** The identifier that the world knows it by: account id, domain name, token id. */
  readonly natural: string;
  /** The intent that counts it. */
  readonly intent: string;
  readonly inputs: Json;
  /** Outputs that are no secret. */
  readonly outputs: Json;
  /** Our own notes. */
  readonly notes: Readonly<Record<string, Json>>;
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
}
/** A lease as it is to be; the ledger dates it. */
export type LeaseWrite = Omit<Lease, "createdAt">;

export type CountName = keyof Limits["counts"];

/** Money that an act may cost. */
export interface Spend {
  readonly amount: Money;
  /** Every category that the service is in: the caps of all of them apply. */
  readonly categories: readonly string[];
  /** What will be due again: held at the start of each month in which it is, and counted as a commitment of twelve months. */
  readonly again?:
    | (Recurring & {
        /** Months until it is due for the first time after this one, default 12 for a yearly price and 1 for all others. */
        readonly firstAfter?: number | undefined;
        /** False for what is paid again only when somebody asks for it; default true. */
        readonly automatic?: boolean | undefined;
      })
    | undefined;
  /** The payment token it is charged to, whose cap applies, too. */
  readonly token?: { readonly lease: string; readonly cap: Money } | undefined;
}

export interface IntentRequest
  extends Omit<
    Intent,
    "state" | "waiting" | "attempts" | "recordedAt" | "dispatchedAt" | "outcome"
  > {
  readonly run: string;
  readonly spend?: Spend | undefined;
  readonly count?: CountName | undefined;
  /** A freeze stops it. False for acts that only take power away. */
  readonly stoppable: boolean;
  /** It waits to be sent until the time in the parameter {@link QUEUED_UNTIL}, and outlives the writer; default false. */
  readonly queued?: boolean | undefined;
  /** A queued intent, by its key, that ends in the same section, unless this one is denied for a reason that may pass: what it held is there for this one, and its place in the velocity. */
  readonly replaces?: string | undefined;
  readonly event: LogEvent;
}

/** Why nothing was recorded. */
export type Denial =
  | { readonly code: "frozen"; readonly scope: string }
  | {
      readonly code: "cap_exceeded";
      readonly amount: Money;
      readonly cap: string;
      readonly limit: Money;
    }
  | { readonly code: "currency_mismatch"; readonly amount: Money; readonly cap: string }
  | { readonly code: "count_exceeded"; readonly count: CountName; readonly limit: number }
  /** Too many acts within a rolling window; `cap` names it. */
  | { readonly code: "velocity_exceeded"; readonly cap: string; readonly limit: number };

export type RecordAnswer =
  | { readonly kind: "recorded"; readonly intent: Intent }
  | { readonly kind: "denied"; readonly denial: Denial };

/** How an act ends. What is not captured is released. A refused or abandoned act gives back its count. */
export interface Settlement {
  readonly key: string;
  readonly state: "settled" | "refused" | "abandoned";
  /** Captured from every hold, never more than was held; `whole` captures the holds. Absent: nothing. */
  readonly capture?: Money | "whole" | undefined;
  readonly lease?: LeaseWrite | undefined;
  /** Name -> sealed text, replacing those of the lease; undefined leaves them. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Counts to give back: those of a closed lease, or of an account that was counted before. */
  readonly uncount?:
    | readonly { readonly count: CountName; readonly intent: string; readonly reason: string }[]
    | undefined;
  /** A credential that was replaced and must be revoked. */
  readonly revoke?: Omit<Revocation, "id"> | undefined;
  readonly freeze?: { readonly scope: string; readonly reason: string } | undefined;
  /** What an intent committed to is from now on charged by itself, or no more. */
  readonly renewal?: { readonly intent: string; readonly automatic: boolean } | undefined;
  readonly events: readonly LogEvent[];
}

/** A credential that must be revoked and is not yet. */
export interface Revocation {
  readonly id: number;
  readonly lease: string;
  readonly kind: "payment-token" | "access-token" | "session";
  readonly sealed: string;
}

/** A change of leases without an act outside. */
export type LocalChange = Omit<Settlement, "key" | "state" | "capture">;

/** One account of money: `held` is not settled yet, `spent` is captured. */
export interface CapLine {
  /** `provider/cloudflare/2026-11`, `total/last-24h`, `run/...`, `token/...`, `commitments` */
  readonly cap: string;
  readonly currency: string;
  readonly held: bigint;
  readonly spent: bigint;
}

export interface Freeze {
  /** `all` or a provider. */
  readonly scope: string;
  readonly reason: string;
  readonly at: number;
}

/** The journal of intents. */
export interface Journal {
  /** The act's record with the greatest generation. */
  latestIntent(identity: Identity, kind: LeaseKind, verb: IntentVerb): Promise<Intent | undefined>;
  /**
   * ONE atomic append of intent, a hold on every cap that applies, count and log entry, after freeze, caps and counts were read in the same
   * section. When it is denied, only the denial is logged.
   */
  record(request: IntentRequest): Promise<RecordAnswer>;
  /**
   * MUST come before people are told of an act that is sent again. In another month or day than before it is held under the caps of this one, too;
   * answers with the logged denial when it does not fit, and then nothing may be sent.
   */
  holdAgain(key: string, event: LogEvent): Promise<Denial | undefined>;
  /** Before another act takes the place of one without an answer, which may be charged too; see `hold-doubt.ts`. Answers with the logged denial. */
  holdDoubt(key: string, amount: Money, event: LogEvent): Promise<Denial | undefined>;
  /** MUST be durable before anything is sent. Denied when a freeze came after the record, or by {@link Journal.holdAgain}. */
  markDispatched(key: string, event: LogEvent | undefined): Promise<RecordAnswer>;
  markWaiting(key: string, waiting: Waiting, event: LogEvent): Promise<void>;
  /** `event` for an outcome that no answer of the provider was. */
  storeOutcome(key: string, outcome: string, event?: LogEvent): Promise<void>;
  settle(settlement: Settlement): Promise<void>;
  /** Ends every intent that was never sent and is not queued, and gives back what it held; only a new writer may, and only before its first act. Answers how many. */
  abandonUnsent(): Promise<number>;
  openIntents(): Promise<readonly Intent[]>;
  /** Held by an intent, of any cap. */
  heldBy(key: string): Promise<Money | undefined>;
}

/** The leases. */
export interface LeaseBook {
  lease(id: string): Promise<Lease | undefined>;
  /** The newest lease of an identity, closed or not. */
  latestLease(identity: Identity, kind: LeaseKind): Promise<Lease | undefined>;
  /** Leases that are not closed, oldest first. */
  openLeases(): Promise<readonly Lease[]>;
  /** Leases, closed ones included, of this natural identifier. */
  leasesOf(kind: LeaseKind, provider: string, natural: string): Promise<readonly Lease[]>;
  /** Leases that hang or hung on another, closed ones included, oldest first. */
  leasesBelow(parent: string, kind: LeaseKind): Promise<readonly Lease[]>;
  secrets(lease: string): Promise<Readonly<Record<string, string>>>;
  change(change: LocalChange): Promise<void>;
  revocations(): Promise<readonly Revocation[]>;
  finishRevocation(id: number, event: LogEvent): Promise<void>;
}

/** What people must hear of. It is put in by {@link Journal.record}, in the append of the hold or the denial. */
export interface AlertJournal {
  readonly outbox: Outbox;
  /** Accounts that an open intent holds on. */
  capsOf(key: string): Promise<readonly string[]>;
  /** Raises an alert for each act whose outcome has been unknown for long. */
  raiseUnknown(): Promise<void>;
}

/** Reading for people. */
export interface LedgerReport {
  caps(): Promise<readonly CapLine[]>;
  usage(): Promise<readonly UsageLine[]>;
  /** All that were ever raised, oldest first. */
  alerts(): Promise<readonly KeptAlert[]>;
  counts(): Promise<Readonly<Record<CountName, number>>>;
  /** What is due in each of the twelve months after this one, by account. */
  forecast(): Promise<readonly CommittedLine[]>;
  freezes(): Promise<readonly Freeze[]>;
  /** The ledger's time, milliseconds since the epoch; it never runs backwards. */
  now(): Promise<number>;
}

/**
 * Money, counts, leases and log of one organisation. Every method is one atomic section, durable when its promise resolves; those that are asked for at
 * the same time share a transaction. There is one writer: the newest opener; a write by an older one throws `StaleWriterError` and changes
 * nothing. Throws that, `LedgerRolledBackError`, `LedgerStorageError`, or what the log's file throws.
 */
export interface Ledger extends Journal, AlertJournal, LeaseBook, LedgerReport {
  note(events: readonly LogEvent[]): Promise<void>;
  /** Counts a denial outside of {@link Journal.record}; the event, if any, is its entry. */
  noteRefusal(identity: Identity, event: LogEvent | undefined): Promise<void>;
  freeze(scope: string, reason: string, event: LogEvent): Promise<void>;
  unfreeze(scope: string, reason: string, event: LogEvent): Promise<void>;
  /** Brings the log's second copy up to date; see `LogFile`. Callers that come while one is at work share the next. */
  exportLog(): Promise<void>;
  /** The log's entries as they were written, from a sequence on, oldest first. */
  logEntries(from: number): Promise<readonly string[]>;
  /** False when another writer has opened it since: what lies beside the ledger is its to change then. */
  isCurrent(): Promise<boolean>;
  close(): Promise<void>;
}
