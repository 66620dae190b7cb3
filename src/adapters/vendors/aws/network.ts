import type { Model } from "../../../compiler/2-model/model.ts";
import type { LoweredResource } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import { native, REGION } from "./lowering.ts";

export const NETWORK = "aws.network";
export const DATABASE_SUBNETS = "aws.database-subnets";
/** A database wants two zones to choose from (RDS docs, "Working with a DB instance in a VPC"). */
const ZONES = ["a", "b"] as const;
export const SUBNETS: readonly string[] = ZONES.map(subnetName);

/**
 * A network of the stack's own that no one can enter from outside. The way out is IPv6 alone: it costs nothing, whereas that of IPv4, a NAT gateway, costs
 * more than the database.
 */
export function lowerNetwork(model: Model): readonly LoweredResource[] {
  const vpc = { vpc_id: ref(NETWORK, "id") };
  return [
    native(NETWORK, undefined, "aws_vpc", {
      cidr_block: "10.0.0.0/16",
      assign_generated_ipv6_cidr_block: true,
      enable_dns_hostnames: true,
    }),
    ...ZONES.map((zone, index) =>
      native(subnetName(zone), undefined, "aws_subnet", {
        ...vpc,
        availability_zone: `${REGION}${zone}`,
        cidr_block: `10.0.${index}.0/24`,
        ipv6_cidr_block: {
          kind: "ipv6-subnet",
          block: ref(NETWORK, "ipv6_cidr_block"),
          index,
        },
      }),
    ),
    native("aws.gateway", undefined, "aws_egress_only_internet_gateway", vpc),
    native("aws.routes", undefined, "aws_route_table", {
      ...vpc,
      route: [
        object({ ipv6_cidr_block: "::/0", egress_only_gateway_id: ref("aws.gateway", "id") }),
      ],
    }),
    native("aws.main-routes", undefined, "aws_main_route_table_association", {
      ...vpc,
      route_table_id: ref("aws.routes", "id"),
    }),
    native(DATABASE_SUBNETS, undefined, "aws_db_subnet_group", {
      name: `${model.name}-${model.stack}`,
      subnet_ids: SUBNETS.map((name) => ref(name, "id")),
    }),
  ];
}

/** A security group in the network, which lets nothing in or out by itself. */
export function lowerGroup(name: string, origin: string, groupName: string): LoweredResource {
  return native(name, origin, "aws_security_group", {
    name: groupName,
    vpc_id: ref(NETWORK, "id"),
  });
}

function subnetName(zone: string): string {
  return `aws.subnet-${zone}`;
}
