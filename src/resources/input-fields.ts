import { LEASE_KINDS, type LeaseInputs, type LeaseKind } from "../broker/protocol.ts";
import { parseMoney } from "../util/money.ts";

/** What Pulumi sends for a value that is not known before `up` (`@pulumi/pulumi/runtime/rpc`, `unknownValue`). */
export const UNKNOWN_PROPERTY = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for a value that is only known at `up`. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN_PROPERTY;
}

/** Says what is wrong with a value, without quoting it; undefined when nothing is. Unknown values never get here. */
type Rule = (value: unknown) => string | undefined;

const text: Rule = (value) =>
  typeof value === "string" && value !== "" ? undefined : "must be a text that is not empty";
const flag: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const money: Rule = (value) =>
  typeof value === "string" && parseMoney(value) !== undefined
    ? undefined
    : "must be an amount such as `12.00 USD`";
const between =
  (least: number, most: number): Rule =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;
const listOf =
  (item: Rule, least: number): Rule =>
  (value) => {
    if (!Array.isArray(value) || value.length < least) {
      return least === 0 ? "must be a list" : "must be a list that is not empty";
    }
    return value.every((one) => isUnknown(one) || item(one) === undefined)
      ? undefined
      : "holds an item of the wrong form";
  };
const permission: Rule = (value) => {
  const { group, scope } = asRecord(value);
  const known = isUnknown(scope) || scope === "account" || scope === "zone";
  return known && (isUnknown(group) || text(group) === undefined) ? undefined : "is no permission";
};
const flatMap: Rule = (value) =>
  value !== null &&
  typeof value === "object" &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => ["string", "number", "boolean"].includes(typeof one))
    ? undefined
    : "must be a map of texts, numbers and truth values";

/** Every input of every kind, all required. */
export const INPUT_RULES: {
  readonly [K in LeaseKind]: { readonly [F in keyof LeaseInputs[K]]: Rule };
} = {
  account: { provider: text, orchestrators: listOf(text, 1), principal: text, agent: text },
  "payment-token": { provider: text, account: text, issuers: listOf(text, 1), cap: money },
  "access-token": {
    provider: text,
    account: text,
    permissions: listOf(permission, 0),
    zones: listOf(text, 0),
    ttlSeconds: between(1, 86_400),
  },
  domain: {
    provider: text,
    account: text,
    paymentToken: text,
    domain: text,
    years: between(1, 10),
    maxPrice: money,
    autoRenew: flag,
  },
  "service-instance": {
    provider: text,
    account: text,
    paymentToken: text,
    service: text,
    config: flatMap,
  },
  secret: { bytes: between(1, 1024) },
};

/** The kind that travels in the inputs; undefined when it is none of ours. */
export function readKind(inputs: Readonly<Record<string, unknown>>): LeaseKind | undefined {
  return LEASE_KINDS.find((kind) => kind === inputs.kind);
}

/** The value as an object, empty when it is none. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
