import cloudflare from "./cloudflare/index.ts";
import type { Vendor } from "./contract.ts";
import createProtocolVendor from "./protocol/index.ts";

/** Vendors with resources of their own, on which a manifest can place any kind that they serve. */
export const VENDORS: readonly Vendor[] = [cloudflare];

/** The vendor of a provider; one that has only services of the catalogue is reached through the provisioning protocol. */
export function findVendor(provider: string): Vendor {
  return VENDORS.find(({ id }) => id === provider) ?? createProtocolVendor(provider);
}
