import type { Json } from "../../util/canonical-json.ts";
import { formatMoney, type Money } from "../../util/money.ts";
import type { PolicyResult } from "./policy-result.ts";

/** The result as JSON, money as text. Keys without a value are left out. */
export function policyToJson(result: PolicyResult): Json {
  return toJson(result);
}

function toJson(value: unknown): Json {
  if (isMoney(value)) return formatMoney(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, toJson(member)]),
    );
  if (typeof value === "bigint") throw new Error("an amount without a currency");
  return value as Json;
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "minor" in value && "currency" in value;
}
