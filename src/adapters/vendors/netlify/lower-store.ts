import type { BucketNode, KvNode, QueueNode } from "../../../compiler/2-model/model.ts";
import { ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { listOwners } from "./list-owners.ts";
import { native } from "./lowering.ts";

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
