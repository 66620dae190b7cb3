import type { Outbox, PendingAlert } from "./outbox.ts";
import type { AlertSink, SinkAnswer } from "./sinks/sink.ts";

export interface AlertClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** What delivering needs. */
export interface Delivery {
  readonly outbox: Outbox;
  /** Names differ. Without a sink that counts, nothing is ever told. */
  readonly sinks: readonly AlertSink[];
  readonly clock: AlertClock;
}

/** An alert that nobody was told yet, and what each sink said last. */
export interface UntoldAlert {
  readonly id: string;
  /** The cap's account; empty for an alert about none. */
  readonly cap: string;
  readonly answers: Readonly<Record<string, SinkAnswer>>;
}

/** Waits between the attempts of a sink, in milliseconds; the last one repeats. After the Standard Webhooks example schedule, faster at first. */
const PAUSES = [5_000, 30_000, 300_000, 1_800_000, 7_200_000] as const;
/** A sink that did not accept so often is given up for an alert that another sink has taken. */
const ATTEMPTS_MOST = 12;
/** Waits before a dispatch asks the sinks again. */
const URGENT_PAUSES = [0, 1_000, 4_000] as const;

/**
 * Takes every pending alert to every sink that is due, each once; for the beginning and the end of a run and in between. Nothing waits for its
 * answer, which is the number of alerts that nobody has been told yet.
 */
export async function deliverAlerts(delivery: Delivery): Promise<number> {
  let untold = 0;
  const entries = await delivery.outbox.pending();
  // Whoever has no sinks says nothing about those of others.
  if (delivery.sinks.length === 0) return entries.filter(({ told }) => !told).length;
  for (const entry of entries) {
    const { now } = delivery.clock;
    const due = delivery.sinks.filter((sink) => isDue(entry, sink, now()));
    const answers = await deliverTo(delivery, entry, due);
    const isTold =
      entry.told || due.some(({ name, counts }) => counts && answers[name]?.kind === "accepted");
    if (!isTold) untold += 1;
    else if (isFinished(delivery, entry, answers))
      await delivery.outbox.finish(entry.alert.id, now());
  }
  return untold;
}

/**
 * Before a dispatch: answers with an empty list only when every blocking alert under the act's caps was accepted by a sink whose word counts, and is
 * durable as such. Tries three times within seconds, whatever the usual waits are; then the dispatch MUST be refused. Fails closed: no sink, a sink
 * that throws and an unknown answer are no acceptance.
 */
export async function findUntold(
  delivery: Delivery,
  caps: readonly string[],
): Promise<readonly UntoldAlert[]> {
  const { outbox, sinks, clock } = delivery;
  const answers = new Map<string, Readonly<Record<string, SinkAnswer>>>();
  for (const pause of URGENT_PAUSES) {
    const entries = await outbox.blocking(caps);
    if (entries.length === 0) return [];
    if (pause > 0) await clock.sleep(pause);
    for (const entry of entries) {
      const waiting = sinks.filter((sink) => isWanted(entry, sink));
      const given = await deliverTo(delivery, entry, waiting);
      answers.set(entry.alert.id, { ...answers.get(entry.alert.id), ...given });
    }
  }
  const left = await outbox.blocking(caps);
  return left.map(({ alert }) => ({
    id: alert.id,
    cap: "cap" in alert ? alert.cap : "",
    answers: answers.get(alert.id) ?? {},
  }));
}

function isDue(entry: PendingAlert, sink: AlertSink, now: number): boolean {
  return isWanted(entry, sink) && (entry.deliveries[sink.name]?.nextAt ?? 0) <= now;
}

/** A sink that accepted while its word did not count is asked again once it does. */
function isWanted({ told, deliveries }: PendingAlert, { name, counts }: AlertSink): boolean {
  return deliveries[name]?.accepted !== true || (counts && !told);
}

function isFinished(
  { sinks }: Delivery,
  { deliveries }: PendingAlert,
  answers: Readonly<Record<string, SinkAnswer>>,
): boolean {
  return sinks.every(({ name }) => {
    const state = deliveries[name];
    if (state?.accepted === true || answers[name]?.kind === "accepted") return true;
    return (state?.attempts ?? 0) + (answers[name] === undefined ? 0 : 1) >= ATTEMPTS_MOST;
  });
}

/** One attempt at each of the sinks, at the same time; each answer is durable when this returns. */
async function deliverTo(
  { outbox, clock }: Delivery,
  { alert, deliveries }: PendingAlert,
  sinks: readonly AlertSink[],
): Promise<Readonly<Record<string, SinkAnswer>>> {
  const answers = await Promise.all(
    sinks.map(async (sink) => ({ sink, answer: await ask(sink, alert) })),
  );
  for (const { sink, answer } of answers) {
    const { name, counts } = sink;
    const at = clock.now();
    if (answer.kind === "accepted") {
      await outbox.markAccepted(alert.id, name, { at, counts });
      continue;
    }
    const attempts = deliveries[name]?.attempts ?? 0;
    const pause = PAUSES[Math.min(attempts, PAUSES.length - 1)] ?? 0;
    await outbox.markAttempt({ id: alert.id, sink: name, answer, at, nextAt: at + pause });
  }
  return Object.fromEntries(answers.map(({ sink, answer }) => [sink.name, answer]));
}

async function ask(sink: AlertSink, alert: PendingAlert["alert"]): Promise<SinkAnswer> {
  try {
    return await sink.deliver(alert);
  } catch {
    return { kind: "unknown", code: "broken" };
  }
}
