import type { SecretNode } from "../../compiler/2-model/model.ts";
import type { LoweredNode } from "./node-lowering.ts";

/** A secret is the broker's random bytes, whoever hosts the app that takes it. */
export function lowerSecret(
  _context: unknown,
  { name, bytes }: SecretNode,
): Pick<LoweredNode, "resources"> {
  return { resources: [{ name, origin: name, type: "supercargo_secret", args: { bytes } }] };
}
