import type { TransactionRuleInfo } from "@adyen/api-library/lib/src/typings/balancePlatform/transactionRuleInfo.js";
import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { TokenOrder } from "../contract.ts";
import { readAmount } from "../read-amount.ts";

export type RuleName = "cap" | "payee" | "currency" | "expiry";
/** In the order in which they are made; all stand before the card works. */
export const RULE_NAMES: readonly RuleName[] = ["cap", "payee", "currency", "expiry"];

/** A merchant as Adyen's rules name it: `merchantId` at an acquirer. */
const PAYEE = /^([A-Za-z0-9_-]{1,64})@([A-Za-z0-9_-]{1,64})$/;

export function isPayee(payee: string): boolean {
  return PAYEE.test(payee);
}

/**
 * The rule that enforces one term of an order on a card (https://docs.adyen.com/issuing/authorisation/transaction-rules). Each blocks an authorisation.
 * None has an end: a rule that ended would leave the card without it, so the card's own end is a rule that begins. `amount` is the cap in Adyen's units.
 */
export function buildRule(
  name: RuleName,
  card: string,
  order: TokenOrder,
  amount: number,
): TransactionRuleInfo {
  const { cap, payee, expiresAt } = order;
  const common = {
    description: `supercargo ${name}`,
    reference: `${order.key.slice(0, 48)}-${name}`,
    entityKey: { entityType: "paymentInstrument", entityReference: card },
    outcomeType: "hardBlock",
    requestType: "authorization",
    status: "active",
  };
  const each = { ...common, type: "blockList", interval: { type: "perTransaction" } };
  const rules = {
    cap: {
      ...common,
      type: "velocity",
      interval: { type: "lifetime" },
      aggregationLevel: "paymentInstrument",
      ruleRestrictions: {
        totalAmount: {
          operation: "greaterThan",
          value: { currency: cap.currency, value: amount },
        },
      },
    },
    payee: {
      ...each,
      ruleRestrictions: { merchants: { operation: "noneMatch", value: readPayee(payee) } },
    },
    currency: {
      ...each,
      ruleRestrictions: { differentCurrencies: { operation: "equals", value: true } },
    },
    expiry: {
      ...each,
      startDate: toSeconds(expiresAt),
      ruleRestrictions: {
        totalAmount: {
          operation: "greaterThanOrEqualTo",
          value: { currency: cap.currency, value: 0 },
        },
      },
    },
  };
  return rules[name] as unknown as TransactionRuleInfo;
}

/** Without fractions of a second, as Adyen's examples have it. */
export function toSeconds(time: string): string {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

function readPayee(payee: string) {
  const [, merchantId = "", acquirerId = ""] = PAYEE.exec(payee) ?? [];
  return [{ merchantId, acquirerId }];
}

/** What an active rule allows, as Adyen answers it; undefined when it is not the rule that was asked for, or does not block. */
export function isSameRule(rule: unknown, wanted: TransactionRuleInfo): boolean {
  const same = (...path: readonly string[]): boolean =>
    JSON.stringify(memberAt(rule, ...path)) === JSON.stringify(memberAt(wanted, ...path));
  const start = textAt(wanted, ["startDate"]);
  return (
    memberAt(rule, "status") === "active" &&
    memberAt(rule, "endDate") === undefined &&
    same("type") &&
    same("outcomeType") &&
    same("requestType") &&
    same("entityKey", "entityReference") &&
    same("interval", "type") &&
    sameRestrictions(rule, wanted) &&
    (start === undefined || Date.parse(textAt(rule, ["startDate"]) ?? "") === Date.parse(start))
  );
}

/** The members may come in any order, and amounts as text. */
function sameRestrictions(rule: unknown, wanted: TransactionRuleInfo): boolean {
  const read = (of: unknown): string => {
    const path = (name: string) => memberAt(of, "ruleRestrictions", name);
    const merchants = listAt(path("merchants"), "value") ?? [];
    return JSON.stringify([
      memberAt(path("totalAmount"), "operation"),
      memberAt(path("totalAmount"), "value", "currency"),
      readAmount(memberAt(path("totalAmount"), "value", "value"))?.toString(),
      memberAt(path("merchants"), "operation"),
      merchants.map((one) => [textAt(one, ["merchantId"]), textAt(one, ["acquirerId"])]),
      memberAt(path("differentCurrencies"), "operation"),
      memberAt(path("differentCurrencies"), "value"),
    ]);
  };
  return read(rule) === read(wanted);
}
