import { sha256 } from "../util/sha256.ts";
import type { Comparison, SyncReport } from "./sync-report.ts";

type Row = Readonly<Record<string, unknown>>;

/** A SQLite database that answers SQL. */
export interface SqlSource {
  query(sql: string): Promise<readonly Row[]>;
}

/** One that is written, too. */
export interface SqlTarget extends SqlSource {
  /** All statements or none, with foreign keys unchecked. */
  run(statements: readonly string[]): Promise<void>;
}

/** Something of a schema that has SQL of its own. */
interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

const PAGE = 500;
/** SQLite's and D1's own tables; their rows come from the others'. */
const SCHEMA = String.raw`SELECT type, name, sql FROM sqlite_master
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE '\_cf\_%' ESCAPE '\' ORDER BY name`;

/**
 * Makes a database hold the schema and the rows of another. Row by row: each value as SQLite's own literal (`quote`), which keeps types that JSON does not have; what is equal
 * is left alone, so that a pass after the first is short. While the source is written to, a pass may miss something that the next one finds.
 */
export async function syncSqlite(source: SqlSource, target: SqlTarget): Promise<SyncReport> {
  const wanted = await readSchema(source);
  const found = await readSchema(target);
  const tables = wanted.filter(({ type }) => type === "table");
  const others = wanted.filter(({ type }) => type !== "table");
  const isWanted = ({ name, sql }: SchemaObject) =>
    wanted.some((one) => one.name === name && one.sql === sql);
  // A trigger would act again on what the source's has acted on.
  const going = found.filter((one) => one.type === "trigger" || !isWanted(one));
  const staying = found.filter((one) => !going.includes(one));
  const isThere = ({ name }: SchemaObject) => staying.some((one) => one.name === name);
  await run(target, [
    ...going.filter(({ type }) => type !== "table").map(drop),
    ...going.filter(({ type }) => type === "table").map(drop),
    ...tables.filter((one) => !isThere(one)).map(({ sql }) => sql),
  ]);
  const reports: SyncReport[] = [];
  for (const { name } of tables) reports.push(await syncTable(source, target, name));
  await copySequences(source, target);
  await run(
    target,
    others.filter((one) => !isThere(one)).map(({ sql }) => sql),
  );
  return {
    items: reports.reduce((sum, { items }) => sum + items, 0),
    changed: reports.reduce((sum, { changed }) => sum + changed, 0),
  };
}

/** Compares schema and every row. */
export async function compareSqlite(source: SqlSource, target: SqlSource): Promise<Comparison> {
  const wanted = await readSchema(source);
  const found = await readSchema(target);
  const print = (schema: readonly SchemaObject[]) => JSON.stringify(schema);
  const differing = new Set<string>();
  if (print(wanted) !== print(found)) differing.add(`schema ${sha256(print(wanted))}`);
  let items = 0;
  for (const { type, name } of wanted) {
    if (type !== "table") continue;
    const table = await describeTable(source, name);
    const isThere = found.some((one) => one.name === name);
    const there = isThere ? await readDigests(target, table) : new Map<string, string>();
    for await (const { key, values } of readRows(source, table)) {
      items += 1;
      const digest = sha256(values);
      if (there.get(key) !== digest) differing.add(`${name} ${key} ${digest}`);
      there.delete(key);
    }
    for (const key of there.keys()) differing.add(`${name} ${key} gone`);
  }
  return { items, differing };
}

async function readSchema(place: SqlSource): Promise<readonly SchemaObject[]> {
  const rows = await place.query(SCHEMA);
  return rows.map(({ type, name, sql }) => ({
    type: String(type),
    name: String(name),
    sql: String(sql),
  }));
}

/** How the rows of a table are read and written. */
interface Table {
  readonly name: string;
  /** What tells rows apart: the row's number, or the primary key of a table without one. */
  readonly key: readonly string[];
  /** The key is the row's number, which is no column. */
  readonly isNumbered: boolean;
  readonly columns: readonly string[];
}

/** By which of its names a row's number can be had: a column of such a name hides it (https://www.sqlite.org/lang_createtable.html#rowid). */
function nameRowNumber(table: string, columns: readonly string[]): string {
  const taken = new Set(columns.map((column) => column.toLowerCase()));
  const free = ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
  if (free === undefined)
    throw new Error(`the columns of the table ${table} hide the numbers of its rows`);
  return free;
}

async function describeTable(place: SqlSource, name: string): Promise<Table> {
  const [entry] = await place.query(`PRAGMA table_list(${quoteName(name)})`);
  if (entry?.type !== "table") throw new Error(`the table ${name} is ${entry?.type ?? "gone"}`);
  const info = await place.query(`PRAGMA table_xinfo(${quoteName(name)})`);
  // What is generated cannot be written.
  const columns = info.filter(({ hidden }) => hidden === 0).map((column) => String(column.name));
  const primary = info
    .filter(({ pk }) => Number(pk) > 0)
    .toSorted((a, b) => Number(a.pk) - Number(b.pk))
    .map((column) => quoteName(String(column.name)));
  const isNumbered = Number(entry.wr) !== 1;
  const names = info.map((column) => String(column.name));
  const key = isNumbered ? [nameRowNumber(name, names)] : primary;
  return { name, key, isNumbered, columns: columns.map(quoteName) };
}

interface ReadRow {
  readonly key: string;
  /** Literals of SQL, separated by commas. */
  readonly values: string;
}

async function* readRows(place: SqlSource, { name, key, columns }: Table): AsyncIterable<ReadRow> {
  const literal = (names: readonly string[]) =>
    names.map((one) => `quote(${one})`).join(" || ',' || ");
  for (let offset = 0; ; offset += PAGE) {
    const rows = await place.query(
      `SELECT ${literal(key)} AS k, ${literal(columns)} AS v FROM ${quoteName(name)} ORDER BY ${key.join(", ")} LIMIT ${PAGE} OFFSET ${offset}`,
    );
    for (const { k, v } of rows) yield { key: String(k), values: String(v) };
    if (rows.length < PAGE) return;
  }
}

async function readDigests(place: SqlSource, table: Table): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for await (const { key, values } of readRows(place, table)) digests.set(key, sha256(values));
  return digests;
}

async function syncTable(source: SqlSource, target: SqlTarget, name: string): Promise<SyncReport> {
  const table = await describeTable(source, name);
  const there = await readDigests(target, table);
  const columns = [...(table.isNumbered ? table.key : []), ...table.columns].join(", ");
  const writes: string[] = [];
  let items = 0;
  for await (const { key, values } of readRows(source, table)) {
    items += 1;
    if (there.get(key) !== sha256(values)) {
      const all = table.isNumbered ? `${key}, ${values}` : values;
      writes.push(`INSERT OR REPLACE INTO ${quoteName(name)} (${columns}) VALUES (${all})`);
    }
    there.delete(key);
  }
  const removals = [...there.keys()].map(
    (key) => `DELETE FROM ${quoteName(name)} WHERE (${table.key.join(", ")}) = (${key})`,
  );
  // What left may hold a unique value that another row has now.
  for (const batch of batches([...removals, ...writes])) await target.run(batch);
  return { items, changed: removals.length + writes.length };
}

/** The numbers that AUTOINCREMENT never gives again. */
async function copySequences(source: SqlSource, target: SqlTarget): Promise<void> {
  const has = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'";
  if ((await source.query(has)).length === 0) return;
  const rows = await source.query("SELECT quote(name) AS n, quote(seq) AS s FROM sqlite_sequence");
  await run(target, [
    "DELETE FROM sqlite_sequence",
    ...rows.map(({ n, s }) => `INSERT INTO sqlite_sequence (name, seq) VALUES (${n}, ${s})`),
  ]);
}

async function run(target: SqlTarget, statements: readonly string[]): Promise<void> {
  if (statements.length > 0) await target.run(statements);
}

function* batches(statements: readonly string[]): Iterable<readonly string[]> {
  for (let first = 0; first < statements.length; first += PAGE)
    yield statements.slice(first, first + PAGE);
}

function drop({ type, name }: SchemaObject): string {
  return `DROP ${type.toUpperCase()} IF EXISTS ${quoteName(name)}`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
