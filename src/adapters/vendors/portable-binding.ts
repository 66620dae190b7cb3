import type { ResourceNode } from "../../compiler/2-model/model.ts";
import type { LoweredText, LoweredValue } from "./contract.ts";
import { ref } from "./lowered-values.ts";
import type { WebNode } from "./node-lowering.ts";

/** The variable of what an app binds alike at every vendor that runs it with our runtime; `webUrl` is the address of an app. */
export function portableBinding(
  target: ResourceNode,
  webUrl: (app: WebNode) => LoweredText,
): LoweredValue {
  switch (target.kind) {
    case "secret":
      return ref(target.name, "value");
    case "service":
      // One variable with the JSON of all credentials: their names are the provider's and known only once the service exists.
      return { kind: "json", value: ref(target.name, "credentials") };
    case "app":
      return webUrl(target);
    default:
      throw new Error(`a ${target.kind} offers nothing to bind`);
  }
}
