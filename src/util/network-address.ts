import { BlockList, isIP } from "node:net";

type Subnet = readonly [network: string, prefix: number];

const LOOPBACK: readonly Subnet[] = [
  ["127.0.0.0", 8],
  ["::1", 128],
];

/** The global unicast space of IPv6; all else is special or not given out (IANA IPv6 address space). */
const GLOBAL_IPV6: readonly Subnet[] = [["2000::", 3]];

/** IANA special-purpose registries (RFC 6890) and multicast: what is not on the public internet. */
const SPECIAL: readonly Subnet[] = [
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
  // Teredo, benchmarking, ORCHID, documentation and 6to4: they lead elsewhere than they say, or nowhere.
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

/** Made when the first address is asked about: most runs ask about none. */
let lists: Readonly<Record<"loopback" | "special" | "global", BlockList>> | undefined;

function createList(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets)
    list.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");
  return list;
}

/**
 * Where an IP address leads: to this machine, to the public internet, or elsewhere (private networks, link-local, multicast, reserved; also
 * IPv4 inside IPv6). Anything that is no IP address is `special`.
 */
export function classifyAddress(address: string): "loopback" | "public" | "special" {
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  if (isIP(address) === 0 || address.includes("%")) return "special";
  lists ??= {
    loopback: createList(LOOPBACK),
    special: createList(SPECIAL),
    global: createList(GLOBAL_IPV6),
  };
  if (lists.loopback.check(address, family)) return "loopback";
  if (lists.special.check(address, family)) return "special";
  return family === "ipv4" || lists.global.check(address, "ipv6") ? "public" : "special";
}
