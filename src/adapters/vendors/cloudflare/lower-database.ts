import type { DatabaseNode } from "../../../compiler/2-model/model.ts";
import { vendorName } from "../vendor-name.ts";
import { accountResource, type LowerNode } from "./lowering.ts";

/** A D1 database. Location and replication stay unset: what is configured must be echoed, or every preview shows a change. */
export const lowerDatabase: LowerNode<DatabaseNode> = ({ model }, { name }) => ({
  resources: [
    accountResource(name, name, "cloudflare_d1_database", { name: vendorName(model, name) }),
  ],
  grants: [{ group: "D1 Write", scope: "account" }],
  prices: [{ service: "cloudflare/d1", category: "database", irreversible: false }],
});
