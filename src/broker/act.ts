import type { Actor, LogEvent } from "../log/event.ts";
import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { sha256 } from "../util/sha256.ts";
import type { BrokerContext } from "./context.ts";
import { isWord } from "./doubts/word.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import { explainDenial } from "./explain-denial.ts";
import { isProof } from "./is-proof.ts";
import type { Intent, IntentRequest, LeaseWrite, Settlement, Waiting } from "./ledger/ledger.ts";
import { fromPlain, toPlain } from "./plain-value.ts";
import type { StepName } from "./steps.ts";
import { findUnheard } from "./tell-people.ts";

/** What an adapter can say. Kinds of {@link WAITING} leave the act open; every other kind is final. */
interface Answer {
  readonly kind: string;
  readonly code?: string | undefined;
  /** Of a refusal: raised before the act was sent, so it says nothing about an earlier attempt. */
  readonly unsent?: true | undefined;
}

const WAITING: Readonly<Record<string, Waiting>> = {
  unknown: "unknown",
  consent: "consent",
  pending: "pending",
  "action-required": "action",
  "needs-information": "information",
};

/** Acts that only take power away, and the refresh that they may need. */
const UNWITNESSED: ReadonlySet<Intent["verb"]> = new Set(["delete", "withdraw", "refresh"]);

/** What a look at the provider showed about an act that may have been sent. */
export type Doubt<A> =
  | { readonly kind: "answer"; readonly answer: A }
  /** Sending is safe: the provider knows the key, or the act certainly did not happen. */
  | { readonly kind: "send" };

/** One act: what is recorded, how it is sent, how a doubt is settled. */
export interface Act<A extends Answer> {
  /** An intent to go on with, or what to record. */
  readonly open: Intent | IntentRequest;
  send(intent: Intent): Promise<A>;
  /** Asked before anything is sent again. Default: the same key is good for the resend window, then unknown for ever. */
  settleDoubt?(intent: Intent): Promise<Doubt<A>>;
  /** Nothing is made twice by another attempt, and none is held back by one before it: a refusal that was really given ends it, whatever an earlier attempt met. */
  readonly startsAfresh?: boolean | undefined;
  /** True of a refusal that tells that whatever an earlier attempt made is gone. Default: none does. */
  isOver?(answer: A): boolean;
  /** How often an unknown answer is followed by another attempt at once. Default 0. */
  readonly repeats?: number | undefined;
}

export type Performed<A> =
  | { readonly kind: "answered"; readonly intent: Intent; readonly answer: A }
  | { readonly kind: "waiting"; readonly intent: Intent; readonly answer: A }
  | { readonly kind: "denied"; readonly failure: BrokerFailure };

/**
 * Takes an act up to its final answer, which is then in the journal; the caller settles it with {@link settle}. Each step is durable before the
 * next: record (with holds, alerts and log entry) -> log file -> alerts told -> mark -> dispatch -> store. Never sends twice except as `settleDoubt` allows.
 */
export async function perform<A extends Answer>(
  context: BrokerContext,
  act: Act<A>,
): Promise<Performed<A>> {
  const { ledger } = context;
  let intent: Intent;
  if ("state" in act.open) {
    intent = act.open;
  } else {
    const request = act.open;
    const recorded = await step(context, request, "record", () => ledger.record(request));
    if (recorded.kind === "denied")
      return { kind: "denied", failure: explainDenial(recorded.denial) };
    intent = recorded.intent;
  }
  if (intent.state === "answered") {
    const answer = openOutcome(context, intent);
    // A person settled it; the books follow when the next run begins, and nothing is sent.
    if (isWord(answer)) return { kind: "denied", failure: fail("outcome_unknown") };
    return { kind: "answered", intent, answer: answer as A };
  }

  let isInDoubt = false;
  for (let repeat = 0; ; repeat++) {
    isInDoubt ||= intent.attempts > 0 && intent.waiting === "unknown";
    const answer = await dispatch(context, act, intent);
    if ("failure" in answer) return { kind: "denied", failure: answer.failure };
    intent = answer.intent;
    const waiting = WAITING[answer.answer.kind];
    if (waiting === undefined) {
      await step(context, intent, "store", () => storeOutcome(context, intent, answer.answer));
      return { kind: "answered", ...answer };
    }
    if (waiting !== "unknown" || repeat >= (act.repeats ?? 0)) {
      const name = waiting === "unknown" ? "act-unknown" : "act-waiting";
      const event = { ...eventOf(context, intent, name), code: codeOf(answer.answer) ?? waiting };
      // A person may be asked in vain: what an attempt without an answer has done is not undone by that.
      const stays = waiting === "consent" && isInDoubt ? "unknown" : waiting;
      await ledger.markWaiting(intent.key, stays, event);
      return { kind: "waiting", ...answer };
    }
  }
}

/** One attempt: a look where there is a doubt, then the call. */
async function dispatch<A extends Answer>(
  context: BrokerContext,
  act: Act<A>,
  before: Intent,
): Promise<{ readonly intent: Intent; readonly answer: A } | { readonly failure: BrokerFailure }> {
  const resent = before.attempts > 0 ? eventOf(context, before, "act-resent") : undefined;
  const isDoubtful = resent !== undefined;
  if (isDoubtful) {
    const doubt = await (act.settleDoubt?.(before) ?? trustKey<A>(context, before));
    if (doubt.kind === "answer") return { intent: before, answer: doubt.answer };
    const denial = await context.ledger.holdAgain(before.key, resent);
    if (denial !== undefined) return { failure: explainDenial(denial) };
  }
  await step(context, before, "export", () => publish(context, before));
  if (!UNWITNESSED.has(before.verb)) {
    const unheard = await step(context, before, "alert", () => findUnheard(context, before));
    if (unheard !== undefined) {
      // What was never sent gives its money back; what may have been sent stays open.
      const event = { ...eventOf(context, before, "act-abandoned"), code: "alert_not_accepted" };
      if (!isDoubtful) await settle(context, before, { state: "abandoned", events: [event] });
      return { failure: fail("alert_not_accepted", { cap: unheard }) };
    }
  }
  const marked = await step(context, before, "mark", () =>
    context.ledger.markDispatched(before.key, resent),
  );
  if (marked.kind === "denied") return { failure: explainDenial(marked.denial) };
  const { intent } = marked;
  const answer = await step(context, intent, "dispatch", () =>
    context.requestIds.collect(intent.key, () => act.send(intent)),
  );
  if (!isDoubtful || answer.kind !== "refused") return { intent, answer };
  // Not before another look is a refusal believed that follows an attempt without an answer, and not even then unless it tells about that attempt.
  const look = await act.settleDoubt?.(intent);
  if (look?.kind === "answer") return { intent, answer: look.answer };
  return {
    intent,
    answer:
      act.isOver?.(answer) || isProof(before, answer, act.startsAfresh)
        ? answer
        : ({ ...answer, kind: "unknown" } as A),
  };
}

/**
 * Nothing is sent whose entry is not under a witnessed checkpoint. Only acts that take power away, and the refresh that they may need, go on without a
 * witness: their entries are in the log's file, and under the next checkpoint.
 */
async function publish({ ledger, log }: BrokerContext, { verb }: Intent): Promise<void> {
  await ledger.exportLog();
  if (!UNWITNESSED.has(verb)) await log.seal();
}

async function trustKey<A>(context: BrokerContext, intent: Intent): Promise<Doubt<A>> {
  const age = context.clock.now() - (intent.dispatchedAt ?? 0);
  if (age < context.timing.resendWindow) return { kind: "send" };
  return { kind: "answer", answer: { kind: "unknown", code: "window_passed" } as A };
}

async function storeOutcome(context: BrokerContext, intent: Intent, answer: Answer): Promise<void> {
  const text = canonicalJson(toPlain(answer));
  await context.ledger.storeOutcome(intent.key, context.keystore.seal(text, intent.key));
}

/** What lies in the place of an answer. */
export function openOutcome(context: BrokerContext, intent: Intent): unknown {
  const text = context.keystore.open(intent.outcome ?? "", intent.key);
  return fromPlain(JSON.parse(text) as Json);
}

/** Ends an act: capture or release, lease, log entry, in one section. */
export async function settle(
  context: BrokerContext,
  intent: Intent,
  settlement: Omit<Settlement, "key">,
): Promise<void> {
  await step(context, intent, "settle", () =>
    context.ledger.settle({ ...settlement, key: intent.key }),
  );
}

/** Ends an act that the provider refused: everything held is released. */
export function settleRefused(
  context: BrokerContext,
  intent: Intent,
  answer: Answer,
  change: Omit<Settlement, "key" | "state" | "events" | "capture"> = {},
): Promise<void> {
  const event = { ...eventOf(context, intent, "act-refused"), code: codeOf(answer) };
  return settle(context, intent, { ...change, state: "refused", events: [event] });
}

/** The failure that an act which is not answered ends with. */
export function explainWaiting(answer: Answer): BrokerFailure {
  switch (WAITING[answer.kind]) {
    case "consent": {
      const link = (answer as { readonly url?: string }).url;
      return { ...fail("consent_required"), link };
    }
    case "pending":
      return fail("still_pending");
    case "action":
      return fail("action_required");
    case "information":
      return fail("information_required");
    default:
      return fail("outcome_unknown");
  }
}

/** A log event about an act. */
export function eventOf(
  context: BrokerContext,
  act: Pick<Intent, "key" | "identity" | "lease" | "provider" | "via" | "fingerprint"> &
    Partial<Pick<Intent, "parameters">>,
  name: LogEvent["name"],
): LogEvent {
  const { project, stack, resource } = act.identity;
  const actor = context.actor();
  const object = act.parameters?.object;
  return {
    name,
    actor,
    resource: { project, stack, name: resource },
    object: typeof object === "string" ? object : undefined,
    lease: act.lease,
    provider: act.provider,
    via: act.via,
    intent: act.key,
    fingerprint: act.fingerprint,
    decision: identifyDecision(actor, act.key),
    request: context.requestIds.of(act.key),
  };
}

/** One policy, one subject, one act: the same question has the same id, asked again or not. 32 hexadecimal digits. */
function identifyDecision({ policy, subject }: Actor, intent: string): string | undefined {
  if (policy === undefined || subject === undefined) return undefined;
  return sha256(canonicalJson(["decision", policy, subject, intent])).slice(0, 32);
}

/** A log event about a lease. */
export function leaseEvent(
  context: BrokerContext,
  lease: LeaseWrite,
  name: LogEvent["name"],
): LogEvent {
  const { project, stack, resource } = lease.identity;
  return {
    name,
    actor: context.actor(),
    resource: { project, stack, name: resource },
    object: lease.kind === "domain" ? lease.natural : undefined,
    lease: lease.id,
    provider: lease.provider,
  };
}

/** A provider's code when it has the form of one, and nothing else of what it said. */
function codeOf(answer: Answer): string | undefined {
  return /^[a-z][a-z0-9_]{0,63}$/.test(answer.code ?? "") ? answer.code : undefined;
}

export async function step<T>(
  context: BrokerContext,
  act: Pick<Intent, "kind" | "verb" | "identity">,
  name: StepName,
  work: () => Promise<T>,
): Promise<T> {
  const { kind, verb } = act;
  const about = { name, kind, verb, resource: act.identity.resource } as const;
  await context.observer.observe({ ...about, point: "before" });
  const result = await work();
  await context.observer.observe({ ...about, point: "after" });
  return result;
}
