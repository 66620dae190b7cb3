import {
  type LeaseInputs,
  type LeaseKind,
  type LeaseOutputs,
  SECRET_OUTPUTS,
} from "../../broker/protocol.ts";
import type { Attribute, Attributes } from "../../tfplugin/attribute.ts";

type Type = Attribute["type"];

/** OpenTofu keeps `provider` for itself. */
const RENAMED: Readonly<Record<string, string>> = { provider: "provider_name" };

const TEXTS: Type = ["list", "string"];
const PERMISSIONS: Type = {
  nesting: "list",
  attributes: {
    group: { type: "string", mode: "required" },
    scope: { type: "string", mode: "required" },
  },
};

/** The broker's inputs of each kind; all are required. */
const INPUTS: { readonly [K in LeaseKind]: { readonly [F in keyof LeaseInputs[K]]: Type } } = {
  account: { provider: "string", orchestrators: TEXTS, principal: "string", agent: "string" },
  "payment-token": { provider: "string", account: "string", issuers: TEXTS, cap: "string" },
  "access-token": {
    provider: "string",
    account: "string",
    permissions: PERMISSIONS,
    zones: TEXTS,
    ttlSeconds: "number",
  },
  domain: {
    provider: "string",
    account: "string",
    paymentToken: "string",
    domain: "string",
    years: "number",
    maxPrice: "string",
    autoRenew: "bool",
  },
  "service-instance": {
    provider: "string",
    account: "string",
    paymentToken: "string",
    service: "string",
    config: "dynamic",
  },
  secret: { bytes: "number" },
};

/** The broker's outputs of each kind. `stays`: the same as long as the resource is, whatever else of it changes. */
const OUTPUTS: {
  readonly [K in LeaseKind]: {
    readonly [F in Exclude<keyof LeaseOutputs[K], keyof LeaseInputs[K]>]-?: {
      readonly type: Type;
      readonly stays: boolean;
    };
  };
} = {
  account: {
    accountId: { type: "string", stays: true },
    orchestrator: { type: "string", stays: true },
    appDomain: { type: "string", stays: true },
  },
  "payment-token": {
    paymentTokenId: { type: "string", stays: true },
    issuer: { type: "string", stays: false },
    expiresAt: { type: "string", stays: false },
  },
  "access-token": {
    tokenId: { type: "string", stays: false },
    value: { type: "string", stays: false },
    endpoint: { type: "string", stays: true },
  },
  domain: {
    zoneId: { type: "string", stays: true },
    expiresAt: { type: "string", stays: false },
    pricePaid: { type: "string", stays: true },
  },
  "service-instance": {
    instanceId: { type: "string", stays: true },
    status: { type: "string", stays: false },
    credentials: { type: ["map", "string"], stays: false },
  },
  secret: { value: { type: "string", stays: false } },
};

/** The schema of one kind's resource. `name` is the lowered resource's: the broker knows the resource by it. */
export function leaseAttributes(kind: LeaseKind): Attributes {
  const inputs = Object.entries<Type>(INPUTS[kind]).map(
    ([name, type]) => [attributeName(name), { type, mode: "required" } as const] as const,
  );
  const outputs = outputsOf(kind).map(([name, { type }]) => {
    const sensitive = SECRET_OUTPUTS[kind].includes(name);
    return [attributeName(name), { type, mode: "computed", sensitive } as const] as const;
  });
  return {
    id: { type: "string", mode: "computed" },
    name: { type: "string", mode: "required" },
    ...Object.fromEntries([...inputs, ...outputs]),
  };
}

/** Outputs that an update leaves as they are. */
export function lastingOutputs(kind: LeaseKind): readonly string[] {
  const lasting = outputsOf(kind).filter(([, { stays }]) => stays);
  return ["id", ...lasting.map(([name]) => attributeName(name))];
}

/** Names of the broker's inputs. */
export function inputNames(kind: LeaseKind): readonly string[] {
  return Object.keys(INPUTS[kind]);
}

/** `maxPrice` -> `max_price`. */
export function attributeName(field: string): string {
  return RENAMED[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function outputsOf(kind: LeaseKind) {
  return Object.entries<{ readonly type: Type; readonly stays: boolean }>(OUTPUTS[kind]);
}
