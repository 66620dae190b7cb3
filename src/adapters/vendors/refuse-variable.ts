import type { AppNode } from "../../compiler/2-model/model.ts";

/** Refuses an app's variable that the place takes for itself, by the first one that `reserved` fits. `say` is the reason. */
export function refuseVariable(
  { bind, env }: AppNode,
  reserved: RegExp,
  say: (variable: string) => string,
): { readonly reason: string; readonly remedy: string } | undefined {
  const found = [...bind, ...env].find(({ variable }) => reserved.test(variable));
  return found && { reason: say(found.variable), remedy: "give it another name" };
}
