import type { Json } from "../../util/canonical-json.ts";
import { memberAt, textAt } from "../../util/json-access.ts";

type Body = Readonly<Record<string, Json>>;

const RULE_TYPES = /^(allowList|blockList|maxUsage|velocity)$/;
const INTERVALS = /^(daily|lifetime|monthly|perTransaction|rolling|sliding|weekly)$/;
const OUTCOMES = /^(enforceSCA|hardBlock|scoreBased|timedBlock)$/;

/** The first field of a payment instrument that is missing or wrong (`PaymentInstrumentInfo` of Adyen's OpenAPI). */
export function checkInstrument(info: Body, balanceAccountId: string): string | undefined {
  const checks: readonly (readonly [string, boolean])[] = [
    ["balanceAccountId", info.balanceAccountId === balanceAccountId],
    ["issuingCountryCode", textAt(info, ["issuingCountryCode"], /^[A-Z]{2}$/) !== undefined],
    ["type", info.type === "card"],
    ["card.formFactor", memberAt(info, "card", "formFactor") === "virtual"],
    ["card.brand", textAt(info, ["card", "brand"]) !== undefined],
    ["card.brandVariant", textAt(info, ["card", "brandVariant"]) !== undefined],
    ["card.cardholderName", textAt(info, ["card", "cardholderName"], /^.{1,26}$/u) !== undefined],
    ["status", info.status === undefined || info.status === "active" || info.status === "inactive"],
    ["reference", info.reference === undefined || String(info.reference).length <= 150],
    ["description", info.description === undefined || String(info.description).length <= 300],
  ];
  return checks.find(([, isRight]) => !isRight)?.[0];
}

/** The same for a transaction rule (`TransactionRuleInfo`). */
export function checkRule(rule: Body): string | undefined {
  const time = (name: string): boolean =>
    rule[name] === undefined || !Number.isNaN(Date.parse(String(rule[name])));
  const checks: readonly (readonly [string, boolean])[] = [
    ["description", textAt(rule, ["description"]) !== undefined],
    ["reference", textAt(rule, ["reference"]) !== undefined],
    ["entityKey.entityType", memberAt(rule, "entityKey", "entityType") === "paymentInstrument"],
    ["type", textAt(rule, ["type"], RULE_TYPES) !== undefined],
    ["interval.type", textAt(rule, ["interval", "type"], INTERVALS) !== undefined],
    [
      "outcomeType",
      rule.outcomeType === undefined || textAt(rule, ["outcomeType"], OUTCOMES) !== undefined,
    ],
    ["ruleRestrictions", Object.keys(Object(rule.ruleRestrictions)).length > 0],
    ["startDate", time("startDate")],
    ["endDate", time("endDate")],
  ];
  return checks.find(([, isRight]) => !isRight)?.[0];
}
