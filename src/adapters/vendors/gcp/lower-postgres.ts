import type { DatabaseNode, KvNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredText } from "../contract.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { native, REGION } from "./lowering.ts";
import { NETWORK, PEERING } from "./network.ts";

/** Kinds whose data is in PostgreSQL. */
export type TableNode = DatabaseNode | KvNode;

const PORT = 5432;
const OWNER = "app";
const DATABASE = "data";
/** Days for which the database can be put back to any moment. */
const BACKUP_DAYS = 7;

/**
 * The smallest PostgreSQL server of Cloud SQL, in the stack's own network and out of reach from anywhere else. It has one database, whose owner the apps are; removing the
 * resource removes exactly its data.
 */
export const lowerPostgres: LowerNode<TableNode> = (_context, { name }) => {
  const instance = ref(name, "name");
  return {
    resources: [
      { name: `${name}.password`, origin: name, type: "supercargo_secret", args: { bytes: 32 } },
      native(
        name,
        name,
        "google_sql_database_instance",
        {
          // No name of its own: one that was deleted cannot be had again for a week.
          database_version: "POSTGRES_17",
          region: REGION,
          settings: object({
            tier: "db-f1-micro",
            edition: "ENTERPRISE",
            disk_size: 10,
            ip_configuration: object({
              ipv4_enabled: false,
              private_network: ref(NETWORK, "id"),
              ssl_mode: "ENCRYPTED_ONLY",
            }),
            backup_configuration: object({
              enabled: true,
              point_in_time_recovery_enabled: true,
              transaction_log_retention_days: BACKUP_DAYS,
            }),
            retain_backups_on_delete: true,
          }),
          deletion_protection: false,
        },
        [PEERING],
      ),
      // Both go with the server; while something is theirs or connected, they cannot go alone.
      native(`${name}.data`, name, "google_sql_database", {
        name: DATABASE,
        instance,
        deletion_policy: "ABANDON",
      }),
      native(`${name}.owner`, name, "google_sql_user", {
        name: OWNER,
        instance,
        password: ref(`${name}.password`, "value"),
        deletion_policy: "ABANDON",
      }),
    ],
    prices: [{ service: "gcp/sql:db-f1-micro", category: "database" }],
  };
};

/**
 * Where an app finds its data, and how many connections to it each instance may have open. Cloud SQL refuses what is not encrypted; its certificate bears no address
 * that could be checked.
 */
export function postgresUrl({ name, kind }: TableNode, connections: number): LoweredText {
  return concat(
    `postgres://${OWNER}:`,
    ref(`${name}.password`, "value"),
    "@",
    ref(name, "private_ip_address"),
    `:${PORT}/${DATABASE}?sslmode=no-verify&connections=${connections}${kind === "kv" ? `&kv=${name}` : ""}`,
  );
}

export function isTable(node: ResourceNode): node is TableNode {
  return node.kind === "database" || node.kind === "kv";
}
