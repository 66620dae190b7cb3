import type { LoweredReference, LoweredResource } from "../../../adapters/vendors/contract.ts";
import { LEASE_KINDS, SECRET_OUTPUTS } from "../../../broker/protocol.ts";
import { camelCase } from "./crossplane-names.ts";

const SECRETS: ReadonlyMap<string, readonly string[]> = new Map(
  LEASE_KINDS.map((kind) => [`supercargo_${kind.replaceAll("-", "_")}`, SECRET_OUTPUTS[kind]]),
);

/** Whether a type has outputs that stand in a Secret. */
export function hasSecrets(type: string): boolean {
  return (SECRETS.get(type) ?? []).length > 0;
}

/** The key in the connection Secret of the resource that is referred to; undefined for an output that is no secret. */
export function secretKey(
  { resource, attribute }: LoweredReference,
  resources: ReadonlyMap<string, LoweredResource>,
): string | undefined {
  const type = resources.get(resource)?.type ?? "";
  const key = camelCase(attribute);
  return SECRETS.get(type)?.includes(key) === true ? key : undefined;
}

/** The Secret that a resource's connection details are in, in the stack's namespace. */
export function secretName(stack: string, resource: string): string {
  return `${stack}.${resource}`;
}
