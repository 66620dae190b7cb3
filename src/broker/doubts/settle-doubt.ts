import type { LogEvent } from "../../log/event.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import { eventOf, leaseEvent, step } from "../act.ts";
import { isAboveHold } from "../acts/is-above-hold.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import type { BrokerFailure } from "../errors.ts";
import type { Intent } from "../ledger/ledger.ts";
import { toPlain } from "../plain-value.ts";
import { refuseVerb } from "../policy.ts";
import { sealIfPossible } from "../seal-if-possible.ts";
import { finishSettlement } from "./finish-settlement.ts";
import { lastSent } from "./last-sent.ts";
import { lookAgain } from "./look-again.ts";
import { vouchedInputs } from "./vouched.ts";
import type { Word } from "./word.ts";

/** What a person says of an act without an answer. */
export interface Claim {
  /** `ended`: a service that was settled as happened is no more at the provider. */
  readonly kind: "happened" | "never-happened" | "ended";
  /** Of `happened`: what was charged, at most what is held. Default: all of that. */
  readonly amount?: Money | undefined;
  /** Asked only where the provider gives no certain answer: then it is a person's word that counts. */
  readonly confirm: () => Promise<boolean>;
}

export type SettledDoubt =
  | {
      readonly kind: "settled";
      readonly outcome: Claim["kind"];
      /** Whose word it was; the provider's wins over the person's. */
      readonly by: Word["by"];
      readonly captured: string | undefined;
      readonly released: string | undefined;
    }
  | { readonly kind: "unconfirmed" | "no-doubt" | "under-way" }
  | { readonly kind: "above-hold"; readonly held: string }
  /** It may still happen until then. */
  | { readonly kind: "too-early"; readonly until: string };

/**
 * Settles an act whose outcome stays unknown: looks for it once more, and where that shows nothing certain believes the claim. The entry and the word are
 * durable before the books change, so that a process which dies in between has it finished by the next run.
 */
export async function settleDoubt(
  context: BrokerContext,
  key: string,
  claim: Claim,
): Promise<SettledDoubt | BrokerFailure> {
  const { ledger } = context;
  const intent = (await ledger.openIntents()).find((one) => one.key === key);
  if (claim.kind === "ended") return endVouched(context, key, claim);
  if (intent?.state !== "dispatched") return { kind: "no-doubt" };
  const { kind, identity, provider } = intent;
  const facts = { resource: identity.resource, provider };
  const refusal = refuseVerb(context, kind, "settle", facts);
  if (refusal !== undefined) return refusal;
  const { project, stack, resource } = identity;
  return context.exclusively(`lease/${project}/${stack}/${kind}/${resource}`, async () => {
    const held = await ledger.heldBy(key);
    const word = await decide(context, intent, claim, held);
    return word.kind === "word" ? carryOut(context, intent, word, held) : word;
  });
}

async function decide(
  context: BrokerContext,
  intent: Intent,
  { kind, amount, confirm }: Claim,
  held: Money | undefined,
): Promise<Word | SettledDoubt> {
  const finding = await lookAgain(context, intent);
  if (finding.kind === "under-way") return { kind: "under-way" };
  if (finding.kind === "never") return { kind: "word", happened: false, by: "provider" };
  if (finding.kind === "happened") {
    const { seen } = finding;
    return { kind: "word", happened: true, by: "provider", charged: seen.price, seen };
  }
  const nothing = { currency: context.limits.total.currency, minor: 0n };
  if (isAboveHold(amount, held ?? nothing))
    return { kind: "above-hold", held: formatMoney(held ?? nothing) };
  const until = lastSent(intent) + context.timing.consistencyWindow;
  if (kind === "never-happened" && context.clock.now() < until)
    return { kind: "too-early", until: formatTime(until) };
  if (!(await confirm())) return { kind: "unconfirmed" };
  return { kind: "word", happened: kind === "happened", by: "person", charged: amount };
}

async function carryOut(
  context: BrokerContext,
  intent: Intent,
  word: Word,
  held: Money | undefined,
): Promise<SettledDoubt> {
  const { ledger, log, keystore } = context;
  const { happened, by, charged } = word;
  const most = isAboveHold(charged, held) ? held : (charged ?? held);
  const captured = happened && held !== undefined ? most : undefined;
  const name = happened ? "settled-as-happened" : "settled-as-never-happened";
  const event: LogEvent = {
    ...eventOf(context, intent, name),
    amount: captured && formatMoney(captured),
    code: by === "person" ? "word_of_a_person" : "seen_at_the_provider",
  };
  await step(context, intent, "store", () =>
    ledger.storeOutcome(intent.key, keystore.seal(canonicalJson(toPlain(word)), intent.key), event),
  );
  await step(context, intent, "export", async () => {
    await ledger.exportLog();
    await sealIfPossible(ledger, log);
  });
  await finishSettlement(context, intent, word);
  const minor = (held?.minor ?? 0n) - (captured?.minor ?? 0n);
  return {
    kind: "settled",
    outcome: happened ? "happened" : "never-happened",
    by,
    captured: captured && formatMoney(captured),
    released: held && minor > 0n ? formatMoney({ ...held, minor }) : undefined,
  };
}

/** What it would cost again is promised no more, and its resource may be bought anew. */
async function endVouched(
  context: BrokerContext,
  key: string,
  { confirm }: Claim,
): Promise<SettledDoubt | BrokerFailure> {
  const lease = (await context.ledger.openLeases()).find(
    (one) =>
      one.intent === key && one.kind === "service-instance" && vouchedInputs(one) !== undefined,
  );
  if (lease === undefined) return { kind: "no-doubt" };
  const { kind, identity, provider } = lease;
  const refusal = refuseVerb(context, kind, "settle", { resource: identity.resource, provider });
  if (refusal !== undefined) return refusal;
  if (!(await confirm())) return { kind: "unconfirmed" };
  const event = leaseEvent(context, lease, "settled-as-ended");
  await context.ledger.change({
    lease: { ...lease, state: "closed" },
    events: [{ ...event, intent: key, code: "word_of_a_person" }],
  });
  return {
    ...{ kind: "settled", outcome: "ended", by: "person" },
    captured: undefined,
    released: undefined,
  };
}
