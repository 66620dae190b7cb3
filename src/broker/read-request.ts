import { toDomainName } from "../util/domain-name.ts";
import { memberAt } from "../util/json-access.ts";
import { parseMoney } from "../util/money.ts";
import { type BrokerRequest, LEASE_KINDS, type LeaseInputs, type LeaseKind } from "./protocol.ts";

type Check = (value: unknown) => boolean;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/;
const TEXT = /^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/;

const isName: Check = (value) => typeof value === "string" && NAME.test(value);
const isText: Check = (value) => typeof value === "string" && TEXT.test(value);
const isMail: Check = (value) => isText(value) && /^[^\s@]+@[^\s@]+$/.test(String(value));
const isMoney: Check = (value) => typeof value === "string" && parseMoney(value) !== undefined;
const isDomain: Check = (value) => typeof value === "string" && toDomainName(value) === value;
const isFlag: Check = (value) => typeof value === "boolean";
const between =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const listOf =
  (item: Check, least: number, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(item);
const isPermission: Check = (value) => {
  const scope = memberAt(value, "scope");
  return isText(memberAt(value, "group")) && (scope === "account" || scope === "zone");
};
const isConfig: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).length <= 100 &&
  Object.entries(value).every(
    ([name, member]) =>
      name !== "__proto__" &&
      (typeof member === "string" ||
        typeof member === "boolean" ||
        (typeof member === "number" && Number.isFinite(member))),
  );

/** What each input must be. A member that is not listed here is dropped. */
const INPUTS: { readonly [K in LeaseKind]: { readonly [F in keyof LeaseInputs[K]]: Check } } = {
  account: {
    provider: isName,
    orchestrators: listOf(isName, 1, 20),
    principal: isMail,
    agent: isText,
  },
  "payment-token": {
    provider: isName,
    account: isName,
    issuers: listOf(isName, 1, 20),
    cap: isMoney,
  },
  "access-token": {
    provider: isName,
    account: isName,
    permissions: listOf(isPermission, 0, 100),
    zones: listOf(isDomain, 0, 100),
    ttlSeconds: between(60, 86_400),
  },
  domain: {
    provider: isName,
    account: isName,
    paymentToken: isName,
    domain: isDomain,
    years: between(1, 10),
    maxPrice: isMoney,
    autoRenew: isFlag,
  },
  "service-instance": {
    provider: isName,
    account: isName,
    paymentToken: isName,
    service: isName,
    config: isConfig,
  },
  secret: { bytes: between(1, 1024) },
};

/** Reads a request of the wire; undefined when it is none. The answer holds nothing that was not checked. */
export function readRequest(value: unknown): BrokerRequest | undefined {
  const verb = memberAt(value, "verb");
  const kind = LEASE_KINDS.find((one) => one === memberAt(value, "kind"));
  const project = memberAt(value, "identity", "project");
  const stack = memberAt(value, "identity", "stack");
  const resource = memberAt(value, "identity", "resource");
  if (kind === undefined || !isName(project) || !isName(stack) || !isName(resource))
    return undefined;
  const identity = {
    project: String(project),
    stack: String(stack),
    resource: String(resource),
  };
  const id = memberAt(value, "id");
  if (verb === "read" || verb === "delete")
    return isName(id) ? { verb, kind, identity, id: String(id) } : undefined;
  const inputs = readInputs(kind, memberAt(value, "inputs"));
  if (inputs === undefined) return undefined;
  if (verb === "create") return { verb, kind, identity, inputs };
  if (verb === "update" && isName(id)) return { verb, kind, identity, id: String(id), inputs };
  return undefined;
}

function readInputs<K extends LeaseKind>(kind: K, value: unknown): LeaseInputs[K] | undefined {
  const checks = Object.entries(INPUTS[kind]) as readonly [string, Check][];
  if (!checks.every(([name, check]) => check(memberAt(value, name)))) return undefined;
  return Object.fromEntries(
    checks.map(([name]) => [name, structuredClone(memberAt(value, name))]),
  ) as LeaseInputs[K];
}
