import type { Model } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredValue } from "../contract.ts";
import { fitName } from "../fit-name.ts";
import { object, ref } from "../lowered-values.ts";
import { native, REGION } from "./lowering.ts";

export const NETWORK = "gcp.network";
const SUBNET = "gcp.subnet";
const DATABASE_RANGE = "gcp.database-range";
/** What a database needs before it can be in the network. */
export const PEERING = "gcp.peering";

/** Characters of a name in Compute Engine. */
const NAME_MAX = 63;
/** A range of 4096 addresses: Google takes one of 256 for the databases of a region (VPC docs, "Private services access"). */
const DATABASE_PREFIX = 20;

/**
 * A network of the stack's own that no one can enter from outside. Databases are in a network of Google's beside it, which only this one reaches; what functions ask of
 * the world does not go through it.
 */
export function lowerNetwork({ name: project, stack }: Model): readonly LoweredResource[] {
  const name = fitName(`${project}-${stack}`, NAME_MAX);
  const network = ref(NETWORK, "id");
  return [
    native(NETWORK, undefined, "google_compute_network", {
      name,
      auto_create_subnetworks: false,
    }),
    native(SUBNET, undefined, "google_compute_subnetwork", {
      name,
      network,
      region: REGION,
      ip_cidr_range: "10.0.0.0/22",
    }),
    native(DATABASE_RANGE, undefined, "google_compute_global_address", {
      name,
      purpose: "VPC_PEERING",
      address_type: "INTERNAL",
      prefix_length: DATABASE_PREFIX,
      network,
    }),
    native(PEERING, undefined, "google_service_networking_connection", {
      network,
      service: "servicenetworking.googleapis.com",
      reserved_peering_ranges: [ref(DATABASE_RANGE, "name")],
      // Google keeps it for days after the last database, and refuses to end it meanwhile.
      deletion_policy: "ABANDON",
    }),
  ];
}

/** How a function is in the network, for what has an address in it and nothing else. */
export function lowerWayIn(): Readonly<Record<string, LoweredValue>> {
  return {
    direct_vpc_network_interface: [
      object({ network: ref(NETWORK, "id"), subnetwork: ref(SUBNET, "id") }),
    ],
    direct_vpc_egress: "VPC_EGRESS_PRIVATE_RANGES_ONLY",
  };
}
