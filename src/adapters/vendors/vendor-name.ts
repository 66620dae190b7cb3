import type { Model } from "../../compiler/2-model/model.ts";
import { fitName } from "./fit-name.ts";

/** The most characters that Workers, R2, Queues, D1 and a host name of DNS all take in a name. */
const MAX_LENGTH = 63;

/**
 * What a resource is called at its vendor: `<manifest>-<stack>-<resource>`, so that stacks of one manifest can share an account.
 * A name that is too long, or that ends in a hyphen (R2 refuses it), is cut and gets a hash of the whole instead.
 */
export function vendorName(
  model: Pick<Model, "name" | "stack">,
  resource: string,
  max: number = MAX_LENGTH,
): string {
  return fitName(`${model.name}-${model.stack}-${resource}`, max);
}
