import { randomBytes } from "node:crypto";
import type pg from "pg";
import { createSchema, type Dialect, SCHEMA_VERSION } from "./schema.ts";
import {
  LedgerRolledBackError,
  LedgerStorageError,
  type LedgerStore,
  type Select,
  StaleWriterError,
  type StoreMismatch,
} from "./store.ts";
import { type ColumnType, type Row, TABLES, type TableName, type Value } from "./tables.ts";

export interface PostgresPlace {
  /** `postgres://user:password@host:port/database`; secret. */
  readonly url: string;
  /** The ledger's name in the database: a schema of its own, `[a-z][a-z0-9_]{0,62}`. */
  readonly name: string;
}

const POSTGRES: Dialect = {
  integer: "BIGINT",
  suffix: () => "",
  elements: (json) => `jsonb_array_elements((${json})::jsonb) WITH ORDINALITY AS each (value, key)`,
  protect: (table) =>
    `CREATE TRIGGER ${table}_unchanging BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} EXECUTE FUNCTION refuse_change();`,
  refuse: (first, second) => `CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF ${second} THEN RAISE EXCEPTION 'more than was held'; END IF; RETURN new; END $$;
CREATE TRIGGER moves_within_hold BEFORE INSERT ON moves FOR EACH ROW WHEN (${first}) EXECUTE FUNCTION refuse_move();`,
  refuseTransfer: (
    first,
    second,
  ) => `CREATE FUNCTION refuse_transfer() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF ${second} THEN RAISE EXCEPTION 'not its own hold'; END IF; RETURN new; END $$;
CREATE TRIGGER resolves_own_hold BEFORE INSERT ON transfers FOR EACH ROW WHEN (${first}) EXECUTE FUNCTION refuse_transfer();`,
};
const REFUSE_CHANGE = `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'entries are immutable'; END $$;`;
const CONNECT_MS = 10_000;

/**
 * Opens a ledger in a PostgreSQL database: the same tables, epoch and fence as the embedded store. A connection that breaks fails what is under way and is made
 * anew by the next reading. Commits wait for the server's disk, whatever the server's default is.
 */
export async function openPostgresStore(
  place: PostgresPlace,
  mode: "writer" | "reader",
): Promise<LedgerStore | StoreMismatch | "absent"> {
  const link = createLink(place);
  try {
    const epoch = await guard(async () => takeOver(await link.client(), place.name, mode));
    if (typeof epoch === "number") return createStore(link, epoch);
    await link.close();
    return epoch;
  } catch (error) {
    await link.close();
    throw error;
  }
}

interface Link {
  /** The connection, made when there is none. */
  client(): Promise<pg.Client>;
  close(): Promise<void>;
}

function createLink({ url, name }: PostgresPlace): Link {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new TypeError("not a name for a ledger");
  let current: Promise<pg.Client> | undefined;
  const forget = (): void => {
    current = undefined;
  };
  const connect = async (): Promise<pg.Client> => {
    // Most ledgers are kept in a file.
    const { Client } = (await import("pg")).default;
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: "supercargo",
    });
    client.on("error", forget);
    client.on("end", forget);
    await client.connect();
    await client.query(`SET search_path TO ${name}; SET synchronous_commit TO on`);
    return client;
  };
  return {
    client() {
      current ??= connect();
      current.catch(forget);
      return current;
    },
    async close() {
      const client = await current?.catch(() => undefined);
      current = undefined;
      await client?.end().catch(() => undefined);
    },
  };
}

function createStore(link: Link, epoch: number): LedgerStore {
  return {
    epoch,
    read: (work) =>
      guard(async () => {
        const client = await link.client();
        return transact(client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", async () => {
          const { rows } = await client.query("SELECT id, epoch, serial, time FROM ledger");
          const { id, serial, time, epoch: newest } = rows[0] as Record<string, unknown>;
          return work(createSelect(client), {
            id: String(id),
            serial: Number(serial),
            time: Number(time),
            epoch: Number(newest),
          });
        });
      }),
    commit: (serial, time, changes) =>
      guard(async () => {
        const client = await link.client();
        await transact(client, "BEGIN", async () => {
          const { rowCount } = await client.query(
            "UPDATE ledger SET serial = serial + 1, time = $1 WHERE epoch = $2 AND serial = $3",
            [time, epoch, serial],
          );
          if (rowCount !== 1) {
            const { rows } = await client.query("SELECT epoch FROM ledger");
            const isStale = Number((rows[0] as Record<string, unknown>).epoch) !== epoch;
            throw isStale ? new StaleWriterError() : new LedgerRolledBackError();
          }
          for (const { table, rows } of changes.list())
            await client.query({
              name: table,
              text: INSERTS[table],
              values: [toJson(rows)],
            });
        });
      }),
    close: () => link.close(),
  };
}

function createSelect(client: pg.Client): Select {
  return async (sql, columns, parameters = []) => {
    let number = 0;
    const text = sql.replaceAll("?", () => `$${++number}`);
    const { rows } = await client.query(text, [...parameters]);
    return (rows as Record<string, unknown>[]).map((row) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, type]) => [name, read(row[name], type)]),
      ),
    );
  };
}

/** Whole numbers of 64 bits and sums arrive as text. */
function read(value: unknown, type: ColumnType): Value {
  if (value === null || value === undefined) return null;
  if (type === "money") return BigInt(String(value));
  return type === "integer" ? Number(value) : String(value);
}

function toJson(rows: readonly Row[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/** One statement a table, however many rows. */
const INSERTS = Object.fromEntries(
  (Object.keys(TABLES) as TableName[]).map((name) => {
    const { columns, key, isAppendOnly } = TABLES[name];
    const all = Object.keys(columns);
    const changing = all.filter((column) => !(key as readonly string[]).includes(column));
    const conflict = isAppendOnly
      ? ""
      : ` ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${changing.map((column) => `${column} = excluded.${column}`).join(", ")}`;
    const list = all.join(", ");
    return [
      name,
      `INSERT INTO ${name} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${name}, $1::json)${conflict}`,
    ];
  }),
) as Record<TableName, string>;

/** Creates the tables where there are none; a writer raises the epoch. */
async function takeOver(
  client: pg.Client,
  name: string,
  mode: "writer" | "reader",
): Promise<number | StoreMismatch | "absent"> {
  return transact(client, "BEGIN", async () => {
    // Two first openers take turns.
    if (mode === "writer")
      await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`supercargo/${name}`]);
    const { rows } = await client.query("SELECT to_regclass($1) AS found", [`${name}.ledger`]);
    if ((rows[0] as Record<string, unknown>).found === null) {
      if (mode === "reader") return "absent";
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
      await client.query(`${REFUSE_CHANGE}\n${createSchema(POSTGRES)}`);
      const id = randomBytes(16).toString("hex");
      await client.query("INSERT INTO ledger VALUES ($1, $2, 0, 0, 0)", [id, SCHEMA_VERSION]);
    }
    const facts = (await client.query("SELECT version FROM ledger")).rows[0] as { version: string };
    const version = Number(facts.version);
    if (version !== SCHEMA_VERSION) return version > SCHEMA_VERSION ? "newer" : "older";
    if (mode === "reader") return 0;
    const raised = await client.query("UPDATE ledger SET epoch = epoch + 1 RETURNING epoch");
    return Number((raised.rows[0] as { epoch: string }).epoch);
  });
}

async function transact<T>(client: pg.Client, begin: string, work: () => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StaleWriterError || cause instanceof LedgerRolledBackError) throw cause;
    throw new LedgerStorageError("the store failed", { cause });
  }
}
