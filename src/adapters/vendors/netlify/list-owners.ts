import type { AppNode } from "../../../compiler/2-model/model.ts";
import type { Overview } from "../node-lowering.ts";
import { NETLIFY } from "./lowering.ts";

/** The apps at Netlify that bind or consume a store. */
export function listOwners({ model }: Pick<Overview, "model">, store: string): readonly AppNode[] {
  return model.resources.flatMap((node) =>
    node.kind === "app" &&
    node.provider === NETLIFY &&
    [...node.bind, ...node.consumes].some(({ resource }) => resource === store)
      ? [node]
      : [],
  );
}
