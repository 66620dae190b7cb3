import type {
  DatabaseNode,
  KvNode,
  QueueNode,
  ResourceNode,
} from "../../../compiler/2-model/model.ts";
import type { LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { native, PLACED } from "./lowering.ts";
import { DATABASE_SUBNET, DATABASE_ZONE, DATABASE_ZONE_LINK } from "./network.ts";

/** Kinds whose data is in PostgreSQL. */
export type TableNode = DatabaseNode | KvNode | QueueNode;

const PORT = 5432;
/** Too short for a password to hold a part of it, which Azure refuses. */
const OWNER = "db";
/** Azure wants letters of both cases and a digit; of random passwords in base64url one in some thousands has none of the last. */
const DIGIT = "1";
/** MB, the least that there is. */
const STORAGE_MB = 32_768;
/** Days for which the database can be put back to any moment. */
const BACKUP_DAYS = 7;

/**
 * The smallest PostgreSQL server of Azure, in the stack's own network and out of reach from anywhere else. It has one database, whose owner the apps are; removing the
 * resource removes exactly its data.
 */
export const lowerPostgres: LowerNode<TableNode> = ({ model }, { name }) => ({
  resources: [
    { name: passwordName(name), origin: name, type: "supercargo_secret", args: { bytes: 32 } },
    native(
      name,
      name,
      "azurerm_postgresql_flexible_server",
      {
        name: vendorName(model, name),
        ...PLACED,
        zone: "1",
        version: "17",
        sku_name: "B_Standard_B1ms",
        storage_mb: STORAGE_MB,
        administrator_login: OWNER,
        administrator_password: concat(ref(passwordName(name), "value"), DIGIT),
        backup_retention_days: BACKUP_DAYS,
        public_network_access_enabled: false,
        delegated_subnet_id: ref(DATABASE_SUBNET, "id"),
        private_dns_zone_id: ref(DATABASE_ZONE, "id"),
      },
      [DATABASE_ZONE_LINK],
    ),
    native(databaseName(name), name, "azurerm_postgresql_flexible_server_database", {
      name: "data",
      server_id: ref(name, "id"),
    }),
  ],
  prices: [
    { service: "azure/postgresql:b1ms", category: "database" },
    { service: "azure/postgresql:storage", category: "database" },
  ],
});

/** Where an app finds its data, and how many connections to it each app may have open. Azure refuses what is not encrypted, and its certificate is checked. */
export function postgresUrl({ name, kind }: TableNode, connections: number): LoweredText {
  return concat(
    `postgres://${OWNER}:`,
    ref(passwordName(name), "value"),
    `${DIGIT}@`,
    ref(name, "fqdn"),
    `:${PORT}/`,
    ref(databaseName(name), "name"),
    `?sslmode=verify-full&connections=${connections}${kind === "database" ? "" : `&${kind}=${name}`}`,
  );
}

export function isTable(node: ResourceNode): node is TableNode {
  return node.kind === "database" || node.kind === "kv" || node.kind === "queue";
}

function passwordName(table: string): string {
  return `${table}.password`;
}

function databaseName(table: string): string {
  return `${table}.data`;
}
