import type { Text } from "../../../compiler/2-model/model.ts";
import type { Context } from "./lowering.ts";

/** The text with every domain filled in; what is known only after `up` stays as `name.attribute`. */
export function literalText(context: Context, text: Text): string {
  return text
    .map((part) => {
      if (typeof part === "string") return part;
      const node = context.nodes.get(part.resource);
      return node?.kind === "domain" ? node.domain : `${part.resource}.${part.attribute}`;
    })
    .join("");
}
