import type { Vendor } from "../contract.ts";
import { createServiceVendor } from "../create-service-vendor.ts";
import { refuseNode } from "./refuse-node.ts";
import { NEON_SEMANTICS } from "./semantics.ts";

/** Neon's PostgreSQL, ordered through the provisioning protocol. A kv is a table in a database of its own. */
const neon: Vendor = createServiceVendor({
  id: "neon",
  title: "Neon",
  services: { database: "neon/postgres", kv: "neon/postgres" },
  plans: ["neon/free", "neon/launch"],
  semantics: NEON_SEMANTICS,
  refuse: refuseNode,
});
export default neon;
