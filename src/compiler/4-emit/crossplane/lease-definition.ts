import { IMMUTABLE_INPUTS, LEASE_KINDS, type LeaseKind } from "../../../broker/protocol.ts";
import { leaseAttributes } from "../../../resources/opentofu/lease-attributes.ts";
import type { Attribute } from "../../../tfplugin/attribute.ts";
import { camelCase, clusterKind, LEASE_GROUP, OWN_VERSION } from "./crossplane-names.ts";
import type { YamlValue } from "./print-yaml.ts";

type Schema = { readonly [key: string]: YamlValue };

/** What the Secret of a kind holds, for whoever writes a controller. */
const SECRET_TEXTS: Readonly<Partial<Record<LeaseKind, string>>> = {
  "access-token":
    'Gets `value`, the token, and `credentials`, the JSON that a ProviderConfig reads: {"api_token", "api_hostname", "api_base_path"}.',
  "service-instance": "Gets `credentials`: one JSON object, named as the provider names them.",
  secret: "Gets `value`: base64url.",
};

/** The kind of lease behind a type of the provider's schema; undefined for a type that is none of ours. */
export function leaseKindOf(type: string): LeaseKind | undefined {
  return LEASE_KINDS.find((kind) => type === `supercargo_${kind.replaceAll("-", "_")}`);
}

/**
 * The definition of one of our own kinds, from the very types that OpenTofu's provider serves. What a controller that serves it must do is what
 * that provider does: ask the broker, by `identity`.
 */
export function leaseDefinition(lease: LeaseKind): YamlValue {
  const { kind } = clusterKind(`supercargo_${lease.replaceAll("-", "_")}`) ?? { kind: "" };
  const singular = kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${singular}s.${LEASE_GROUP}` },
    spec: {
      group: LEASE_GROUP,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      versions: [
        {
          name: OWN_VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: objectOf({ spec: specOf(lease), status: statusOf(lease) }, ["spec"]),
          },
        },
      ],
    },
  };
}

function specOf(lease: LeaseKind): Schema {
  const text = { type: "string" };
  const identity = objectOf({ project: text, stack: text, resource: text }, [
    ...["project", "stack", "resource"],
  ]);
  const inputs = attributesOf(lease).filter(({ mode }) => mode === "required");
  const immutable: readonly string[] = IMMUTABLE_INPUTS[lease];
  const fields = inputs.map(({ name, type }) => {
    const schema = schemaOf(type);
    return [name, immutable.includes(name) ? neverChanging(schema) : schema] as const;
  });
  const secret = SECRET_TEXTS[lease];
  return objectOf(
    {
      identity: { ...neverChanging(identity), description: "Who it is to the broker." },
      forProvider: objectOf(
        Object.fromEntries(fields),
        inputs.map(({ name }) => name),
      ),
      managementPolicies: {
        type: "array",
        items: {
          type: "string",
          enum: ["Observe", "Create", "Update", "Delete", "LateInitialize", "*"],
        },
        default: ["*"],
      },
      ...(secret !== undefined && {
        writeConnectionSecretToRef: {
          ...objectOf({ name: text }, ["name"]),
          description: secret,
        },
      }),
    },
    ["identity", "forProvider"],
  );
}

/** Inputs are told back, too, as others read them from there. */
function statusOf(lease: LeaseKind): Schema {
  const told = attributesOf(lease).filter(({ isSecret }) => !isSecret);
  const condition = objectOf(
    {
      type: { type: "string" },
      status: { type: "string" },
      reason: { type: "string" },
      message: { type: "string" },
      lastTransitionTime: { type: "string", format: "date-time" },
      observedGeneration: { type: "integer" },
    },
    ["type", "status", "reason", "lastTransitionTime"],
  );
  return objectOf({
    atProvider: objectOf(
      Object.fromEntries(told.map(({ name, type }) => [name, schemaOf(type)] as const)),
    ),
    conditions: { type: "array", items: condition },
  });
}

interface Field {
  readonly name: string;
  readonly type: Attribute["type"];
  readonly mode: Attribute["mode"];
  readonly isSecret: boolean;
}

/** `name` is OpenTofu's way to tell the identity. */
function attributesOf(lease: LeaseKind): readonly Field[] {
  const attributes = Object.entries(leaseAttributes(lease)).filter(([name]) => name !== "name");
  return attributes.map(([name, { type, mode, sensitive = false }]) => ({
    name: name === "provider_name" ? "provider" : camelCase(name),
    ...{ type, mode, isSecret: sensitive },
  }));
}

function schemaOf(type: Attribute["type"]): Schema {
  switch (type) {
    case "string":
      return { type: "string" };
    case "number":
      return { type: "integer" };
    case "bool":
      return { type: "boolean" };
    case "dynamic":
      return { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  }
  if ("nesting" in type) {
    const fields = Object.entries(type.attributes);
    const inner = objectOf(
      Object.fromEntries(fields.map(([name, field]) => [camelCase(name), schemaOf(field.type)])),
      fields.filter(([, { mode }]) => mode === "required").map(([name]) => camelCase(name)),
    );
    return type.nesting === "single" ? inner : { type: "array", items: inner };
  }
  const [container, item] = type;
  if (container === "list") return { type: "array", items: schemaOf(item) };
  return { type: "object", additionalProperties: schemaOf(item) };
}

function neverChanging(schema: Schema): Schema {
  const rule = { rule: "self == oldSelf", message: "it never changes" };
  return { ...schema, "x-kubernetes-validations": [rule] };
}

function objectOf(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}
