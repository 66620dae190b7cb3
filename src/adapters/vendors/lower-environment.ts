import type { AppNode, ResourceNode, Text } from "../../compiler/2-model/model.ts";
import type { LoweredText, LoweredValue } from "./contract.ts";
import { findNode } from "./find-node.ts";
import { listOpened } from "./list-opened.ts";
import type { Context } from "./node-lowering.ts";

/** How a vendor lowers what stands in an app's variables. */
export interface EnvironmentRules {
  bindingOf(target: ResourceNode): LoweredValue;
  lowerText(context: Context, text: Text): LoweredText;
}

/** What the runtime reads of an app (src/runtime/README.md): a variable for each binding and each text of its own, and which of them are opened. */
export function lowerEnvironment(
  context: Context,
  node: AppNode,
  { bindingOf, lowerText }: EnvironmentRules,
): Readonly<Record<string, LoweredValue>> {
  const bound = node.bind.map(({ variable, resource }) => ({
    variable,
    target: findNode(context, resource),
  }));
  return {
    ...Object.fromEntries(bound.map(({ variable, target }) => [variable, bindingOf(target)])),
    ...Object.fromEntries(
      node.env.map(({ variable, value }) => [variable, lowerText(context, value)]),
    ),
    ...listOpened(bound),
  };
}
