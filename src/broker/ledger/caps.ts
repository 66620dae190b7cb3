import { yearlyMost } from "../../catalog/recurrence.ts";
import type { CapScope, Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { Money } from "../../util/money.ts";
import type { CountName, IntentRequest, Spend } from "./ledger.ts";
import { monthOf, nameWindow } from "./windows.ts";

/** An amount of a unit: a currency, `domains`, `accounts`, `tokens`, or `acts`. */
export interface Quantity {
  readonly unit: string;
  readonly minor: bigint;
}

/** One account that an act is measured against. */
export interface Line {
  /** `provider/cloudflare/2026-11`, `total/last-24h`, `count/domains` ... */
  readonly account: string;
  readonly amount: Quantity;
  /** Undefined where nothing is capped yet: it is counted all the same, so that a cap made later finds it. */
  readonly limit: Quantity | undefined;
  /** What happens when the act succeeds: the captured part stays, or the whole; `at-once` is spent with the record, whatever comes of the act. */
  readonly settles: "capture" | "whole" | "at-once";
}

/** Who acts, for what, when. */
export interface Place {
  readonly agent: string;
  readonly now: number;
}

/** Every account that an act counts under, the familiar ones first; of several caps on one account the tightest. */
export function listLines(limits: Limits, request: IntentRequest, place: Place): readonly Line[] {
  const { spend, count } = request;
  const lines = spend === undefined ? [] : listMoney(limits, request, spend, place);
  if (count !== undefined)
    lines.push({
      account: countAccount(count),
      amount: { unit: count, minor: 1n },
      limit: { unit: count, minor: BigInt(limits.counts[count]) },
      settles: "whole",
    });
  if (spend !== undefined || count !== undefined)
    for (const { scope, only, acts, window } of limits.velocity ?? [])
      for (const name of namesOf(scope, only, request, place.agent))
        lines.push({
          account: `acts/${name}/${nameWindow(window, place.now)}`,
          amount: { unit: "acts", minor: 1n },
          limit: { unit: "acts", minor: BigInt(acts) },
          settles: "at-once",
        });
  return tighten(lines);
}

function listMoney(
  limits: Limits,
  request: IntentRequest,
  spend: Spend,
  { agent, now }: Place,
): Line[] {
  const amount = toQuantity(spend.amount);
  const line = (account: string, limit: Money | undefined): Line => ({
    account,
    amount,
    limit: limit && toQuantity(limit),
    settles: "capture",
  });
  const month = monthOf(now);
  const monthly = listMonthly(limits, request, agent);
  const lines = monthly.map(({ base, limit }) => line(`${base}/${month}`, limit));
  lines.push(line(`run/${request.run}`, limits.perRun));
  if (spend.token !== undefined) lines.push(line(`token/${spend.token.lease}`, spend.token.cap));
  for (const { scope, only, amount: limit, window } of limits.windows ?? [])
    for (const name of namesOf(scope, only, request, agent))
      lines.push(line(`${name}/${nameWindow(window, now)}`, limit));
  if (spend.again !== undefined && spend.again.amount.minor > 0n)
    lines.push({
      account: "commitments",
      amount: toQuantity(yearlyMost(spend.again)),
      limit: limits.commitments && toQuantity(limits.commitments),
      settles: "whole",
    });
  return lines;
}

/** The accounts of a calendar month, without the month, and their caps. */
export function listMonthly(
  limits: Limits,
  request: IntentRequest,
  agent: string,
): readonly { readonly base: string; readonly limit: Money | undefined }[] {
  const scopes: readonly (readonly [CapScope, Money | undefined])[] = [
    ["provider", limits.perProvider],
    ["total", limits.total],
    ["project", limits.perProject],
    ["stack", limits.perStack],
    ["agent", limits.perAgent],
  ];
  const categories = new Set(request.spend?.categories);
  return [
    ...scopes.flatMap(([scope, limit]) =>
      namesOf(scope, undefined, request, agent).map((base) => ({ base, limit })),
    ),
    ...[...categories].map((category) => ({
      base: `category/${category}`,
      limit: Object.hasOwn(limits.categories, category) ? limits.categories[category] : undefined,
    })),
  ];
}

/** The accounts of a scope that an act falls under; `only` leaves the one of that name. */
function namesOf(
  scope: CapScope,
  only: string | undefined,
  { identity: { project, stack }, provider, spend }: IntentRequest,
  agent: string,
): readonly string[] {
  const named = (name: string): readonly string[] =>
    only === undefined || name === only ? [`${scope}/${name}`] : [];
  switch (scope) {
    case "total":
      return ["total"];
    case "project":
      return named(project);
    case "stack":
      return named(`${project}/${stack}`);
    case "agent":
      return named(agent);
    case "provider":
      return named(provider);
    case "category":
      return [...new Set(spend?.categories)].flatMap(named);
  }
}

function tighten(lines: readonly Line[]): readonly Line[] {
  const byAccount = new Map<string, Line>();
  for (const line of lines) {
    const other = byAccount.get(line.account);
    const isTighter =
      other?.limit === undefined ||
      (line.limit !== undefined &&
        (line.limit.unit !== other.limit.unit || line.limit.minor < other.limit.minor));
    if (other === undefined || isTighter) byAccount.set(line.account, line);
  }
  return [...byAccount.values()];
}

export function countAccount(count: CountName): string {
  return `count/${count}`;
}

export function toQuantity({ currency, minor }: Money): Quantity {
  return { unit: currency, minor };
}
