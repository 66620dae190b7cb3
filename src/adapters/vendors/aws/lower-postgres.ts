import type { DatabaseNode, KvNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { native } from "./lowering.ts";
import { DATABASE_SUBNETS, lowerGroup } from "./network.ts";

/** Kinds whose data is in PostgreSQL. */
export type TableNode = DatabaseNode | KvNode;

const PORT = 5432;
const OWNER = "app";
const DATABASE = "data";
/** Days for which the database can be put back to any moment. */
const BACKUP_DAYS = 7;

/**
 * The smallest PostgreSQL server of RDS, in the stack's own network and out of reach from anywhere else. It has one database, whose owner the apps are; removing the
 * resource removes exactly its data.
 */
export const lowerPostgres: LowerNode<TableNode> = ({ model }, { name }) => ({
  resources: [
    { name: `${name}.password`, origin: name, type: "supercargo_secret", args: { bytes: 32 } },
    lowerGroup(groupName(name), name, vendorName(model, name)),
    native(name, name, "aws_db_instance", {
      identifier: identifierOf(vendorName(model, name)),
      engine: "postgres",
      engine_version: "17",
      instance_class: "db.t4g.micro",
      allocated_storage: 20,
      storage_type: "gp3",
      storage_encrypted: true,
      db_name: DATABASE,
      username: OWNER,
      password: ref(`${name}.password`, "value"),
      db_subnet_group_name: ref(DATABASE_SUBNETS, "name"),
      vpc_security_group_ids: [ref(groupName(name), "id")],
      publicly_accessible: false,
      backup_retention_period: BACKUP_DAYS,
      delete_automated_backups: false,
      skip_final_snapshot: true,
    }),
  ],
  prices: [{ service: "aws/rds:db.t4g.micro", category: "database" }],
});

/** Lets an app's group of the network reach the databases of its own, and them be reached by it. */
export function lowerDoor(
  app: string,
  appGroup: string,
  table: string,
): readonly LoweredResource[] {
  const door = { from_port: PORT, to_port: PORT, ip_protocol: "tcp" };
  return [
    native(`${app}.to.${table}`, app, "aws_vpc_security_group_egress_rule", {
      security_group_id: ref(appGroup, "id"),
      referenced_security_group_id: ref(groupName(table), "id"),
      ...door,
    }),
    native(`${app}.into.${table}`, app, "aws_vpc_security_group_ingress_rule", {
      security_group_id: ref(groupName(table), "id"),
      referenced_security_group_id: ref(appGroup, "id"),
      ...door,
    }),
  ];
}

/** Where an app finds its data. RDS refuses what is not encrypted, and its certificate is checked. */
export function postgresUrl({ name, kind }: TableNode): LoweredText {
  return concat(
    `postgres://${OWNER}:`,
    ref(`${name}.password`, "value"),
    "@",
    ref(name, "address"),
    `:${PORT}/${DATABASE}?sslmode=verify-full${kind === "kv" ? `&kv=${name}` : ""}`,
  );
}

export function isTable(node: ResourceNode): node is TableNode {
  return node.kind === "database" || node.kind === "kv";
}

function groupName(table: string): string {
  return `${table}.group`;
}

/** Letters, digits and single hyphens; at most 63 (RDS API reference, `CreateDBInstance`). */
function identifierOf(name: string): string {
  if (!name.includes("--")) return name;
  return `${name.replace(/-+/g, "-").slice(0, 54)}-${sha256(name).slice(0, 8)}`.replace("--", "-");
}
