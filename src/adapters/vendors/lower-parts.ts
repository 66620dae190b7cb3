import type { Text } from "../../compiler/2-model/model.ts";
import type { LoweredReference } from "./contract.ts";
import type { Context } from "./node-lowering.ts";

/** Text with references of the manifest -> the same with references to outputs, in pieces. */
export function lowerParts(
  { resolve }: Pick<Context, "resolve">,
  text: Text,
): readonly (string | LoweredReference)[] {
  return text.flatMap((part) => (typeof part === "string" ? [part] : resolve(part)));
}
