import type { AppNode, DatabaseNode, KvNode, QueueNode } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { Context, LoweredNode } from "../node-lowering.ts";
import {
  hostOf,
  lowerContainer,
  lowerPassword,
  lowerVolume,
  mount,
  variable,
  waitUntil,
} from "./lowering.ts";

/** Kinds whose data is in PostgreSQL. */
export type TableNode = DatabaseNode | KvNode | QueueNode;

const PORT = 5432;
/** The most characters of a name in PostgreSQL (NAMEDATALEN). */
const MAX_LENGTH = 63;

/** Who owns what the apps of a database make. */
const OWNER = "data_owner";

/**
 * A PostgreSQL server of its own, with one database, one volume and one role for each app that uses it. Removing the resource removes exactly its data,
 * and no app can reach another's. The server's administrator is nobody's but the stack's.
 */
export function lowerPostgres(context: Context, { name }: TableNode): LoweredNode {
  const users = findUsers(context, name);
  return {
    resources: [
      lowerVolume(context, name, name),
      lowerPassword(`${name}.password`, name),
      lowerContainer(context, {
        name: serverName(name),
        origin: name,
        image: "container.postgres",
        args: {
          env: [
            `POSTGRES_DB=${name}`,
            variable("POSTGRES_PASSWORD", concat(ref(`${name}.password`, "value"))),
          ],
          volumes: [mount(name, "/var/lib/postgresql")],
          // Over TCP, which answers only once the image's first start is behind it.
          ...waitUntil("pg_isready", "--host=127.0.0.1", "--username=postgres"),
        },
      }),
      ...users.flatMap((app, i) => lowerRole(context, name, app.name, users[i - 1]?.name)),
    ],
  };
}

/** Where an app finds its data: as its own role, which may do everything in this database and nothing outside. */
export function postgresUrl(context: Context, app: string, { name, kind }: TableNode): LoweredText {
  const query = kind === "database" ? "" : `?${kind}=${name}`;
  return concat(
    `postgres://${roleOf(app)}:`,
    ref(passwordName(app, name), "value"),
    `@${hostOf(context, serverName(name))}:${PORT}/${name}${query}`,
  );
}

/** The container that must have ended well before the app starts. */
export function roleName(app: string, resource: string): string {
  return `${resource}.${app}-role`;
}

function serverName(resource: string): string {
  return `${resource}.server`;
}

function passwordName(app: string, resource: string): string {
  return `${resource}.${app}-password`;
}

function findUsers({ model }: Context, name: string): readonly AppNode[] {
  return model.resources.filter(
    (node): node is AppNode =>
      node.kind === "app" &&
      [...node.bind, ...node.consumes].some(({ resource }) => resource === name),
  );
}

/** Two roles of one database are not made at once: PostgreSQL refuses concurrent changes of one schema's owner. */
function lowerRole(
  context: Context,
  name: string,
  app: string,
  previous: string | undefined,
): readonly LoweredResource[] {
  const password = passwordName(app, name);
  const role = lowerContainer(context, {
    name: roleName(app, name),
    origin: name,
    image: "container.postgres",
    capabilities: [],
    once: true,
    args: {
      command: ["psql", "--set=ON_ERROR_STOP=1", "--file=/role.sql"],
      env: [
        `PGHOST=${hostOf(context, serverName(name))}`,
        `PGDATABASE=${name}`,
        "PGUSER=postgres",
        variable("PGPASSWORD", concat(ref(`${name}.password`, "value"))),
        variable("APP_PASSWORD", concat(ref(password, "value"))),
      ],
      upload: [object({ file: "/role.sql", content: roleSql(roleOf(app)) })],
    },
    dependsOn: [previous === undefined ? serverName(name) : roleName(previous, name)],
  });
  return [lowerPassword(password, name), role];
}

/** A word of SQL that needs no quotes. */
function roleOf(app: string): string {
  const role = `app_${app.replaceAll("-", "_")}`;
  return role.length <= MAX_LENGTH ? role : `${role.slice(0, 54)}_${sha256(app).slice(0, 8)}`;
}

/** What the app makes belongs to all apps of the database. */
function roleSql(role: string): string {
  const create = (name: string) =>
    `DO $$ BEGIN CREATE ROLE ${name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
  return [
    "\\getenv password APP_PASSWORD",
    create(OWNER),
    `ALTER SCHEMA public OWNER TO ${OWNER};`,
    create(role),
    `ALTER ROLE ${role} LOGIN PASSWORD :'password';`,
    `GRANT ${OWNER} TO ${role};`,
    `ALTER ROLE ${role} SET role = ${OWNER};`,
    "",
  ].join("\n");
}
