import type { Model } from "../../compiler/2-model/model.ts";
import { sha256 } from "../../util/sha256.ts";

/** The most characters that Workers, R2, Queues, D1 and a host name of DNS all take in a name. */
const MAX_LENGTH = 63;
const HASH_LENGTH = 8;

/**
 * What a resource is called at its vendor: `<manifest>-<stack>-<resource>`, so that stacks of one manifest can share an account.
 * A name that is too long, or that ends in a hyphen (R2 refuses it), is cut and gets a hash of the whole instead.
 */
export function vendorName(model: Pick<Model, "name" | "stack">, resource: string): string {
  const name = `${model.name}-${model.stack}-${resource}`;
  if (name.length <= MAX_LENGTH && !name.endsWith("-")) return name;
  const start = name.slice(0, MAX_LENGTH - HASH_LENGTH - 1).replace(/-+$/, "");
  return `${start}-${sha256(name).slice(0, HASH_LENGTH)}`;
}
