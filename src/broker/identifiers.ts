import { canonicalJson, type Json } from "../util/canonical-json.ts";
import { sha256 } from "../util/sha256.ts";
import type { IntentVerb } from "./ledger/ledger.ts";
import { type Identity, IMMUTABLE_INPUTS, type LeaseInputs, type LeaseKind } from "./protocol.ts";

/** The key that an act is dispatched under, for ever: the same identity, verb and generation is the same act. Hexadecimal, 64 digits. */
export function deriveKey(
  identity: Identity,
  kind: LeaseKind,
  verb: IntentVerb,
  generation: number,
): string {
  const { project, stack, resource } = identity;
  return sha256(canonicalJson(["intent", project, stack, resource, kind, verb, generation]));
}

/** The id of a lease, which is also its Pulumi id. */
export function deriveLeaseId(identity: Identity, kind: LeaseKind, generation: number): string {
  const { project, stack, resource } = identity;
  const digest = sha256(canonicalJson(["lease", project, stack, resource, kind, generation]));
  return `${kind}_${digest.slice(0, 24)}`;
}

/** Inputs that say what is obtained. The others (`agent`, a reference to a payment token, `autoRenew`, ...) may differ without it being another act. */
const MEANING: { readonly [K in LeaseKind]: readonly (keyof LeaseInputs[K])[] } = {
  account: ["provider", "principal"],
  "payment-token": ["provider", "account", "cap"],
  "access-token": ["provider", "account", "permissions", "zones"],
  domain: ["provider", "account", "domain", "years"],
  "service-instance": ["provider", "account", "service", "config"],
  secret: ["bytes"],
};

/** The payload's fingerprint, kept beside the key: another payload under the same key is an error. */
export function fingerprintInputs<K extends LeaseKind>(kind: K, inputs: LeaseInputs[K]): string {
  return digest(pick(inputs, MEANING[kind]));
}

/** True when every input that cannot change in place is the same. A domain's years are spent, so they cannot change either. */
export function sameImmutables<K extends LeaseKind>(
  kind: K,
  left: LeaseInputs[K],
  right: LeaseInputs[K],
): boolean {
  const names: readonly PropertyKey[] = [
    ...(IMMUTABLE_INPUTS[kind] as readonly PropertyKey[]),
    ...(kind === "domain" ? ["years"] : []),
  ];
  return digest(pick(left, names)) === digest(pick(right, names));
}

function pick(inputs: object, names: readonly PropertyKey[]): Json {
  const members = inputs as Readonly<Record<PropertyKey, Json>>;
  return Object.fromEntries(names.map((name) => [String(name), sortList(members[name] ?? null)]));
}

/** The order of permissions and zones means nothing. */
function sortList(value: Json): Json {
  if (!Array.isArray(value)) return value;
  return value.map((item) => canonicalJson(item as Json)).sort();
}

function digest(value: Json): string {
  return sha256(canonicalJson(value));
}
