import type { Vendor } from "./contract.ts";
import { createProtocolVendor } from "./create-protocol-vendor.ts";
import { VENDORS } from "./registry.ts";

/** The vendor of a provider; one that serves nothing but services of the catalogue is reached through the provisioning protocol. */
export function findVendor(provider: string): Vendor {
  return VENDORS.find(({ id }) => id === provider) ?? createProtocolVendor(provider);
}
