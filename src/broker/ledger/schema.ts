import { TABLES, type TableName, type TableShape } from "./tables.ts";

/** Raised with every change of the tables; a program of another version refuses the ledger. */
export const SCHEMA_VERSION = 4;

/** Where the two stores' SQL differs. */
export interface Dialect {
  readonly integer: string;
  /** After a table's closing bracket. */
  readonly suffix: string;
  /** Makes the table refuse changes and deletions. */
  protect(table: string): string;
  /** Refuses a new entry when both conditions on `new` hold. `first` asks the entry alone, so that the other one is seldom asked. */
  refuse(first: string, second: string): string;
}

/** An intent never gives out more than it holds, whatever a program does. */
const TAKES_FROM_HELD = "new.side = 'held' AND new.minor < 0";
const MORE_THAN_HELD = `new.minor + (
  SELECT COALESCE(SUM(e.minor), 0) FROM transfers t JOIN entries e ON e.transfer = t.id
  WHERE t.intent = (SELECT intent FROM transfers WHERE id = new.transfer) AND t.phase IN ('hold', 'post', 'void')
    AND e.account = new.account AND e.side = 'held') < 0`;

/**
 * The tables. `ledger` has one row: whose ledger it is, the writer's epoch, the number of commits, and the newest time that was seen.
 * An intent is held once and resolved once, whatever a program does.
 */
export function createSchema(dialect: Dialect): string {
  const { integer, suffix } = dialect;
  const names = Object.keys(TABLES) as TableName[];
  return [
    `CREATE TABLE ledger (id TEXT PRIMARY KEY, version ${integer} NOT NULL, epoch ${integer} NOT NULL, serial ${integer} NOT NULL, time ${integer} NOT NULL)${suffix};`,
    ...names.map((name) => createTable(name, TABLES[name], dialect)),
    `CREATE UNIQUE INDEX transfers_once ON transfers (intent, (CASE phase WHEN 'hold' THEN 1 ELSE 2 END)) WHERE phase IN ('hold', 'post', 'void');`,
    "CREATE INDEX entries_by_account ON entries (account);",
    dialect.refuse(TAKES_FROM_HELD, MORE_THAN_HELD),
    ...names.filter((name) => TABLES[name].isAppendOnly).map((name) => dialect.protect(name)),
  ].join("\n");
}

function createTable(name: string, table: TableShape, { integer, suffix }: Dialect): string {
  const columns = Object.entries(table.columns).map(([column, type]) => {
    const isOptional = table.optional.includes(column);
    return `${column} ${type === "text" ? "TEXT" : integer}${isOptional ? "" : " NOT NULL"}`;
  });
  const parts = [...columns, `PRIMARY KEY (${table.key.join(", ")})`, ...table.constraints];
  return `CREATE TABLE ${name} (${parts.join(", ")})${suffix};`;
}
