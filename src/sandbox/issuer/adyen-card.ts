import type { Json } from "../../util/canonical-json.ts";
import { memberAt, textAt } from "../../util/json-access.ts";
import type { CardData } from "./card-number.ts";
import { type CredentialRecord, type RefuseCharge, sumCredential } from "./credential.ts";
import { deriveMerchant } from "./merchant.ts";
import { startInterval } from "./start-interval.ts";

/** A card of Adyen Issuing. Status `active`, `inactive`, `suspended` or `closed`. */
export interface AdyenCard {
  /** Sealed JSON of {@link CardData}. */
  readonly sealedCard: string;
  /** {@link hashCard}, to find it by. */
  readonly cardHash: string;
  /** The payment instrument as it was asked for. */
  readonly info: Readonly<Record<string, Json>>;
  readonly expMonth: CardData["expMonth"];
  readonly expYear: CardData["expYear"];
  readonly lastFour: string;
  /** With `id`; in order of creation. */
  readonly rules: readonly Readonly<Record<string, Json>>[];
}

/** What a card's status and rules say to an authorisation (https://docs.adyen.com/issuing/authorisation/transaction-rules). */
export const refuseAdyenCharge: RefuseCharge<AdyenCard> = (card, charge) => {
  const { provider, amount, debit, now } = charge;
  if (card.status !== "active") return "token_inactive";
  const isCurrency = amount.currency === card.currency;
  for (const rule of card.detail.rules) {
    if (rule.status !== "active" || !isInForce(rule, now)) continue;
    const { merchantId, acquirerId, mcc } = deriveMerchant(provider);
    const at = (...path: string[]) => memberAt(rule, "ruleRestrictions", ...path);
    const total = debit.minor + sumCredential(card, startCounting(rule, now));
    const conditions = [
      compare(at("totalAmount", "operation"), total, at("totalAmount", "value", "value")),
      match(
        at("merchants", "operation"),
        at("merchants", "value"),
        (one) =>
          textAt(one, ["merchantId"]) === merchantId && textAt(one, ["acquirerId"]) === acquirerId,
      ),
      match(at("mccs", "operation"), at("mccs", "value"), (one) => one === mcc),
      equal(
        at("differentCurrencies", "operation"),
        !isCurrency,
        at("differentCurrencies", "value"),
      ),
    ].filter((condition) => condition !== undefined);
    if (conditions.length > 0 && conditions.every(Boolean)) return nameRefusal(rule);
  }
  return undefined;
};

function isInForce(rule: Readonly<Record<string, Json>>, now: number): boolean {
  const start = textAt(rule, ["startDate"]);
  const end = textAt(rule, ["endDate"]);
  return (
    (start === undefined || Date.parse(start) <= now) &&
    (end === undefined || now < Date.parse(end))
  );
}

/** From when on charges count for a rule. */
function startCounting(rule: Readonly<Record<string, Json>>, now: number): number {
  switch (memberAt(rule, "interval", "type")) {
    case "lifetime":
      return 0;
    case "weekly":
      return startInterval("week", now);
    case "monthly":
      return startInterval("month", now);
    case "daily":
      return now - (now % 86_400_000);
    default:
      // One authorisation by itself: nothing that came before counts.
      return Number.POSITIVE_INFINITY;
  }
}

function compare(operation: unknown, left: bigint, value: unknown): boolean | undefined {
  if (typeof operation !== "string") return undefined;
  const right = BigInt(Number(value));
  const answers: Readonly<Record<string, boolean>> = {
    greaterThan: left > right,
    greaterThanOrEqualTo: left >= right,
    lessThan: left < right,
    lessThanOrEqualTo: left <= right,
    equals: left === right,
    notEquals: left !== right,
  };
  return answers[operation];
}

function match(operation: unknown, values: unknown, isIt: (one: unknown) => boolean) {
  if (typeof operation !== "string" || !Array.isArray(values)) return undefined;
  const hit = values.some(isIt);
  return operation === "anyMatch" ? hit : !hit;
}

function equal(operation: unknown, left: boolean, right: unknown): boolean | undefined {
  if (typeof operation !== "string") return undefined;
  return operation === "equals" ? left === right : left !== right;
}

function nameRefusal(rule: Readonly<Record<string, Json>>) {
  const restrictions = rule.ruleRestrictions;
  if (memberAt(restrictions, "merchants") !== undefined) return "token_missing" as const;
  if (memberAt(restrictions, "differentCurrencies") !== undefined)
    return "currency_mismatch" as const;
  return rule.startDate === undefined ? ("limit_exceeded" as const) : ("token_inactive" as const);
}

export type AdyenRecord = CredentialRecord<AdyenCard>;
