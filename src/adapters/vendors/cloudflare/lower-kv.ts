import type { KvNode } from "../../../compiler/2-model/model.ts";
import { vendorName } from "../vendor-name.ts";
import { accountResource, type LowerNode } from "./lowering.ts";

/** A Workers KV namespace. */
export const lowerKv: LowerNode<KvNode> = ({ model }, { name }) => ({
  resources: [
    accountResource(name, name, "cloudflare_workers_kv_namespace", {
      title: vendorName(model, name),
    }),
  ],
  grants: [{ group: "Workers KV Storage Write", scope: "account" }],
  prices: [{ service: "cloudflare/kv", category: "cache", irreversible: false }],
});
