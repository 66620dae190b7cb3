import type { Lowered, LoweredResource, LoweredValue } from "../adapters/vendors/contract.ts";
import type { BrokerRequest, LeaseKind } from "../broker/protocol.ts";
import type { NeededBy } from "../permissions/delegation.ts";
import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { memberAt } from "../util/json-access.ts";

const TYPES: Readonly<Record<LeaseKind, string>> = {
  account: "supercargo_account",
  "payment-token": "supercargo_payment_token",
  "access-token": "supercargo_access_token",
  domain: "supercargo_domain",
  "service-instance": "supercargo_service_instance",
  secret: "supercargo_secret",
};

/**
 * Tells whether a manifest asks for what a request would make or change: a resource of this name and kind, with these inputs, as far as they do
 * not come from another resource. Reading and giving up concern what is there already, which the ledger knows.
 */
export function createManifestMatcher(
  lowered: readonly Lowered[],
): (request: BrokerRequest) => boolean {
  const all = lowered.flatMap(({ resources }) => resources);
  const byName = new Map(all.map((resource) => [resource.name, resource]));
  return (request) => {
    if (request.verb !== "create" && request.verb !== "update") return true;
    const resource = byName.get(request.identity.resource);
    return resource?.type === TYPES[request.kind] && matches(resource, request.inputs);
  };
}

/** Which manifest resources need a permission of an access token. */
export function createNeededBy(lowered: readonly Lowered[]): NeededBy {
  const permissions = lowered.flatMap((one) => one.permissions);
  return ({ group, scope }) =>
    permissions
      .filter((one) => one.group === group && one.scope === scope)
      .flatMap(({ because }) => because);
}

function matches({ type, args }: LoweredResource, inputs: object): boolean {
  return Object.entries(args).every(([name, value]) => {
    const expected = literal(value);
    if (expected === undefined) return true;
    const field = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const actual = memberAt(inputs, field) as Json | undefined;
    // A sub-agent asks for fewer rights than the stack's token has, and for a shorter time.
    if (type === TYPES["access-token"] && field === "permissions") return isPart(actual, expected);
    if (type === TYPES["access-token"] && field === "ttlSeconds")
      return Number(actual) <= Number(expected);
    return actual !== undefined && canonicalJson(actual) === canonicalJson(expected);
  });
}

/** A value as the broker gets it; undefined when part of it comes from another resource. */
function literal(value: LoweredValue): Json | undefined {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return whole((value as readonly LoweredValue[]).map(literal));
  const tagged = value as Exclude<
    LoweredValue,
    string | number | boolean | readonly LoweredValue[]
  >;
  if (tagged.kind !== "object" && tagged.kind !== "map") return undefined;
  const fields = tagged.kind === "object" ? tagged.fields : tagged.entries;
  const members = Object.entries(fields).map(([name, one]) => [name, literal(one)] as const);
  return members.some(([, one]) => one === undefined)
    ? undefined
    : (Object.fromEntries(members) as Json);
}

function whole(values: readonly (Json | undefined)[]): Json | undefined {
  return values.includes(undefined) ? undefined : (values as readonly Json[]);
}

function isPart(actual: Json | undefined, expected: Json): boolean {
  if (!Array.isArray(actual) || !Array.isArray(expected)) return false;
  const allowed = new Set(expected.map((one) => canonicalJson(one as Json)));
  return actual.every((one) => allowed.has(canonicalJson(one as Json)));
}
