import type { Vendor } from "../contract.ts";
import { createProtocolVendor } from "../create-protocol-vendor.ts";

/** Template: begins with the catalogue's services; add a portable kind to `kinds`, lower it in a file of its own, and name the package of its resources. */
const template: Vendor = { ...createProtocolVendor("_template"), title: "Template" };
export default template;
