import type { AppNode, BucketNode, KvNode, QueueNode } from "../../../compiler/2-model/model.ts";
import { ref } from "../lowered-values.ts";
import type { LowerNode, Overview } from "../node-lowering.ts";
import { NETLIFY, native } from "./lowering.ts";

/** A store of the one app that uses it; for none there is nothing to make, because a store is a part of a site. */
export const lowerStore: LowerNode<BucketNode | KvNode | QueueNode> = (context, { name }) => {
  const [app] = listOwners(context, name);
  return {
    resources:
      app === undefined
        ? []
        : [native(name, name, "netlify_blob_store", { site_id: ref(app.name, "id"), name })],
  };
};

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
