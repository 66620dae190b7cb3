import type { Alert } from "./alert.ts";
import type { SinkAnswer } from "./sinks/sink.ts";

/** How far one sink is with one alert. Times are milliseconds since the epoch. */
export interface DeliveryState {
  readonly attempts: number;
  /** Not tried again before this. */
  readonly nextAt: number;
  readonly accepted: boolean;
}

/** An alert that is not finished. */
export interface PendingAlert {
  readonly alert: Alert;
  /** A sink whose word counts has accepted it. */
  readonly told: boolean;
  /** By the sink's name; absent for sinks that were not tried yet. */
  readonly deliveries: Readonly<Record<string, DeliveryState>>;
}

/** One attempt of one sink. */
export interface Attempt {
  readonly id: string;
  readonly sink: string;
  readonly answer: SinkAnswer;
  readonly at: number;
  readonly nextAt: number;
}

/**
 * Alerts wait here from the section that reserved the money until they are delivered. They are put in by that section itself, in the same append:
 * the first of an id stays, a second one changes nothing. Every method is durable when it returns.
 */
export interface Outbox {
  /** Alerts that are not finished, oldest first. */
  pending(): Promise<readonly PendingAlert[]>;
  /** Alerts that block, stand under one of these caps, and were accepted by no sink whose word counts. */
  blocking(caps: readonly string[]): Promise<readonly PendingAlert[]>;
  /** Counts an attempt that was not accepted. */
  markAttempt(attempt: Attempt): Promise<void>;
  /** `counts`: the sink's word is enough, so from now on the alert blocks nothing. */
  markAccepted(
    id: string,
    sink: string,
    accepted: { readonly at: number; readonly counts: boolean },
  ): Promise<void>;
  /** Nothing more will be tried. Changes nothing for an alert that nobody was told. */
  finish(id: string, at: number): Promise<void>;
}
