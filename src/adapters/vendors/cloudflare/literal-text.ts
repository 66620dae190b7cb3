import type { Text } from "../../../compiler/2-model/model.ts";
import type { Survey } from "./lowering.ts";

/** The text with every domain filled in; what is known only after `up` stays as `name.attribute`. */
export function literalText(survey: Survey, text: Text): string {
  return text
    .map((part) => {
      if (typeof part === "string") return part;
      const node = survey.nodes.get(part.resource);
      return node?.kind === "domain" ? node.domain : `${part.resource}.${part.attribute}`;
    })
    .join("");
}
