import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import { formatMoney } from "../../util/money.ts";
import { appendEvent } from "./append-event.ts";
import { type Line, listLines, listMonthly, type Quantity, toQuantity } from "./caps.ts";
import { type Commitment, RENEWS } from "./commitment-book.ts";
import { findLimit } from "./find-limit.ts";
import type { Section } from "./group-commit.ts";
import type { CountName, Denial, IntentRequest, RecordAnswer } from "./ledger.ts";
import type { LedgerState } from "./load-state.ts";
import type { Misfit } from "./money-book.ts";
import { type AlertPlace, raiseDenial, raiseReservation } from "./raise-alerts.ts";
import { addMonths, monthOf } from "./windows.ts";

/** A denial for one of these reasons may pass: what is queued keeps its place. */
const MAY_PASS: ReadonlySet<Denial["code"]> = new Set([
  "cap_exceeded",
  "count_exceeded",
  "velocity_exceeded",
]);

/** A queued act, by its key, and what ends it in the same section. */
export interface Replaced {
  readonly key: string;
  giveUp(code: string): void;
}

/** Reads freezes, caps and counts and records the act, or logs why not: one section, so that nothing comes between. */
export function recordAct(
  section: Section,
  request: IntentRequest,
  place: AlertPlace & {
    /** A queued act that makes room for this one: how often one acts was counted when that one was queued. */
    readonly replaced?: Replaced | undefined;
  },
): RecordAnswer {
  const { limits, agent, replaced } = place;
  const { state, changes, now } = section;
  const log = (event: IntentRequest["event"]): void => appendEvent(section, event);
  const commitment = commitmentOf(request, limits, agent, now);
  const renewing = state.commitments.asRenewing(String(request.parameters[RENEWS] ?? ""));
  const renewal = renewing === undefined ? [] : listRenewal(state, renewing, limits, now);
  const today = listLines(limits, request, { agent, now }).filter(
    ({ settles }) => replaced === undefined || settles !== "at-once",
  );
  const lines = [...today, ...renewal];
  const denial =
    denyFrozen(state, request.stoppable, request.provider) ??
    denyTransaction(request, limits) ??
    denyMisfit(state.money.refuse(lines, replaced?.key)) ??
    denyLater(state, commitment ?? renewing, { limits, now, without: replaced?.key });
  if (denial !== undefined) {
    if (!MAY_PASS.has(denial.code)) replaced?.giveUp(denial.code);
    log({ ...request.event, name: "act-denied", code: denial.code });
    raiseDenial(section, request, place);
    return { kind: "denied", denial };
  }
  replaced?.giveUp("replaced");
  const intent = state.intents.insert(changes, request, now);
  state.money.hold(changes, request.key, lines, now);
  if (commitment !== undefined) state.commitments.add(changes, commitment);
  if (renewing !== undefined) state.commitments.renew(changes, renewing.id, true);
  const due = renewal[0] && formatMoney(toMoney(renewal[0].amount));
  log(due === undefined ? request.event : { ...request.event, amount: due });
  if (request.queued === true) log({ ...request.event, name: "act-queued" });
  raiseReservation(section, request, lines, place);
  return { kind: "recorded", intent };
}

export function denyFrozen(
  state: LedgerState,
  isStoppable: boolean,
  provider: string,
): Denial | undefined {
  if (!isStoppable) return undefined;
  const scope = ["all", provider].find((one) => state.freezes.has(one));
  return scope === undefined ? undefined : { code: "frozen", scope };
}

/** The cap of one purchase accumulates nothing. */
function denyTransaction({ spend }: IntentRequest, limits: Limits): Denial | undefined {
  if (spend === undefined) return undefined;
  const { amount } = spend;
  const limit = limits.perTransaction;
  if (limit.currency !== amount.currency)
    return { code: "currency_mismatch", amount, cap: "transaction" };
  return amount.minor < 0n || amount.minor > limit.minor
    ? { code: "cap_exceeded", amount, cap: "transaction", limit }
    : undefined;
}

/** A commitment must fit, with all others, into each of the coming months. */
function denyLater(
  state: LedgerState,
  commitment: Commitment | undefined,
  {
    limits,
    now,
    without,
  }: { readonly limits: Limits; readonly now: number; readonly without: string | undefined },
): Denial | undefined {
  if (commitment === undefined) return undefined;
  const capOf = (account: string, month: string) => findCap(limits, account, month);
  return denyMisfit(state.commitments.refuse(commitment, capOf, now, without));
}

/** What is due in this month still, of a commitment that does not renew by itself and is to: the month began without a hold for it. */
function listRenewal(
  { commitments }: LedgerState,
  renewing: Commitment,
  limits: Limits,
  now: number,
): readonly Line[] {
  const month = monthOf(now);
  return commitments
    .linesOf(renewing, month)
    .map((line) => ({ ...line, limit: findCap(limits, line.account, month) }));
}

/** The tightest cap on an account of a month, windows of the calendar month included. */
function findCap(limits: Limits, account: string, month: string): Quantity | undefined {
  const limit = findLimit(limits, account, Date.parse(month));
  return limit && toQuantity(limit);
}

/** A line that does not fit, as a denial. */
export function denyMisfit(misfit: Misfit | undefined): Denial | undefined {
  if (misfit === undefined) return undefined;
  const { reason, line } = misfit;
  const { account: cap, amount, limit } = line;
  if (reason === "foreign") return { code: "currency_mismatch", amount: toMoney(amount), cap };
  return limit === undefined
    ? {
        code: "cap_exceeded",
        amount: toMoney(amount),
        cap,
        limit: toMoney({ ...amount, minor: 0n }),
      }
    : denyAbove(line, limit);
}

function denyAbove({ account: cap, amount }: Line, limit: Quantity): Denial {
  if (cap.startsWith("count/"))
    return { code: "count_exceeded", count: limit.unit as CountName, limit: Number(limit.minor) };
  if (cap.startsWith("acts/"))
    return { code: "velocity_exceeded", cap, limit: Number(limit.minor) };
  return { code: "cap_exceeded", amount: toMoney(amount), cap, limit: toMoney(limit) };
}

function toMoney({ unit, minor }: Quantity) {
  return { currency: unit, minor };
}

/** What an act will cost again; nothing is committed to by what is free. */
function commitmentOf(
  { key, lease, spend, ...request }: IntentRequest,
  limits: Limits,
  agent: string,
  now: number,
): Commitment | undefined {
  const again = spend?.again;
  if (again === undefined || again.amount.minor <= 0n) return undefined;
  const monthly = listMonthly(limits, { key, lease, spend, ...request }, agent);
  return {
    id: key,
    lease,
    amount: again.amount,
    interval: again.interval,
    accounts: monthly.map(({ base }) => base),
    first: again.firstAfter ?? (again.interval === "year" ? 12 : 1),
    automatic: again.automatic ?? true,
    starts: now,
    nextMonth: addMonths(monthOf(now), 1),
    endedAt: undefined,
  };
}
