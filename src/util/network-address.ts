import { BlockList, isIP } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** The global unicast space of IPv6; all else is special or not given out (IANA IPv6 address space). */
const GLOBAL_IPV6 = new BlockList();
GLOBAL_IPV6.addSubnet("2000::", 3, "ipv6");

/** IANA special-purpose registries (RFC 6890) and multicast: what is not on the public internet. */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  SPECIAL.addSubnet(network, prefix, "ipv4");
// Teredo, benchmarking, ORCHID, documentation and 6to4: they lead elsewhere than they say, or nowhere.
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  SPECIAL.addSubnet(network, prefix, "ipv6");

/**
 * Where an IP address leads: to this machine, to the public internet, or elsewhere (private networks, link-local, multicast, reserved; also
 * IPv4 inside IPv6). Anything that is no IP address is `special`.
 */
export function classifyAddress(address: string): "loopback" | "public" | "special" {
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  if (isIP(address) === 0 || address.includes("%")) return "special";
  if (LOOPBACK.check(address, family)) return "loopback";
  if (SPECIAL.check(address, family)) return "special";
  return family === "ipv4" || GLOBAL_IPV6.check(address, "ipv6") ? "public" : "special";
}
