import type { SqlOutcome, SqlStatement } from "../../data-plane/data-plane.ts";
import { splitStatements } from "../../data-plane/split-statements.ts";
import type { Api } from "../api.ts";
import { isBody, list, object, text } from "../body-fields.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { DatabaseRecord } from "../storage-records.ts";

const READ = ["D1 Read", "D1 Write"] as const;
const WRITE = ["D1 Write"] as const;
const BASE = "/accounts/:account/d1/database";

/** D1 databases; `query` and `raw` run on the database that Workers use (API docs, D1). */
export function databaseRoutes(api: Api): readonly Route[] {
  const withDatabase =
    (work: (database: DatabaseRecord, call: Call) => Response | Promise<Response>) =>
    (call: Call) => {
      const database = api.records.databases.get(call.params.database ?? "");
      return database?.accountId === call.accountId
        ? work(database, call)
        : fail(404, 7404, "The database could not be found");
    };
  const one = `${BASE}/:database`;
  return [
    { method: "GET", path: BASE, needs: READ, handle: (call) => listDatabases(api, call) },
    { method: "POST", path: BASE, needs: WRITE, handle: (call) => create(api, call) },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withDatabase((found) => succeed(printDatabase(found))),
    },
    ...(["PUT", "PATCH"] as const).map(
      (method): Route => ({
        method,
        path: one,
        needs: WRITE,
        handle: withDatabase((found, { body }) => update(api, found, body)),
      }),
    ),
    {
      method: "DELETE",
      path: one,
      needs: WRITE,
      handle: withDatabase((found) => {
        api.records.databases.delete(found.uuid);
        return succeed(null);
      }),
    },
    // Reading rights are not enough here: any statement may come.
    {
      method: "POST",
      path: `${one}/query`,
      needs: WRITE,
      handle: withDatabase((found, { body }) => query(api, found, body, false)),
    },
    {
      method: "POST",
      path: `${one}/raw`,
      needs: WRITE,
      handle: withDatabase((found, { body }) => query(api, found, body, true)),
    },
  ];
}

function printDatabase(database: DatabaseRecord): object {
  return {
    uuid: database.uuid,
    name: database.name,
    version: "production",
    num_tables: 0,
    file_size: 12288,
    ...(database.region === undefined ? {} : { running_in_region: database.region }),
    created_at: database.createdAt,
    ...(database.readReplication === undefined
      ? {}
      : { read_replication: database.readReplication }),
  };
}

function listDatabases(api: Api, { accountId, url }: Call): Response {
  const name = url.searchParams.get("name");
  const databases = api.records.databases
    .list()
    .filter(
      (database) => database.accountId === accountId && (name === null || database.name === name),
    );
  return succeedPage(url, databases.map(printDatabase));
}

function create(api: Api, { accountId, body }: Call): Response {
  const { databases } = api.records;
  const name = text(body, "name") ?? "";
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name))
    return fail(400, 7400, "Invalid database name");
  if (databases.list().some((other) => other.accountId === accountId && other.name === name))
    return fail(400, 7502, "A database with that name already exists");
  const database: DatabaseRecord = {
    uuid: api.newUuid(),
    accountId,
    name,
    createdAt: api.timestamp(),
    region: text(body, "primary_location_hint")?.toUpperCase(),
    readReplication: object(body, "read_replication"),
  };
  databases.put(database.uuid, database);
  return succeed(printDatabase(database));
}

function update(api: Api, database: DatabaseRecord, body: unknown): Response {
  const readReplication = object(body, "read_replication") ?? database.readReplication;
  const updated = { ...database, readReplication };
  api.records.databases.put(database.uuid, updated);
  return succeed(printDatabase(updated));
}

async function query(
  api: Api,
  database: DatabaseRecord,
  body: unknown,
  raw: boolean,
): Promise<Response> {
  const statements = readStatements(body);
  if (statements === undefined || statements.length === 0)
    return fail(
      400,
      7400,
      "The request is malformed: sql is missing, or params belong to several statements",
    );
  const outcome: SqlOutcome = await api.plane.runSql(database.uuid, statements, raw);
  return outcome.ok
    ? succeed(outcome.results)
    : fail(400, 7500, outcome.message.replace(/^D1_ERROR: /, ""));
}

/** `{sql, params?}` with one or more statements, or `{batch: [{sql, params?}]}`. */
function readStatements(body: unknown): readonly SqlStatement[] | undefined {
  const entries = isBody(body) && Array.isArray(body.batch) ? list(body, "batch") : [body];
  const statements: SqlStatement[] = [];
  for (const entry of entries) {
    const params = list(entry, "params");
    const split = splitStatements(text(entry, "sql") ?? "");
    if (split.length === 0 || (split.length > 1 && params.length > 0)) return undefined;
    statements.push(...split.map((sql) => ({ sql, params })));
  }
  return statements;
}
