import { TABLES, type TableName, type TableShape } from "./tables.ts";

/** Raised with every change of the tables; a program of another version refuses the ledger. */
export const SCHEMA_VERSION = 7;

/** Where the two stores' SQL differs. */
export interface Dialect {
  readonly integer: string;
  /** After the closing bracket of a table with this primary key. */
  suffix(key: readonly string[]): string;
  /** One row for each element of a JSON array, as `each` with the columns `value` and `key`; the keys ascend. */
  elements(json: string): string;
  /** Makes the table refuse changes and deletions. `taken` are the conditions on `new` under which a row stands where it would go. */
  protect(table: string, taken: readonly string[]): string;
  /** Refuses a new move when both conditions on `new` hold. `first` asks the move alone, so that the other one is seldom asked. */
  refuse(first: string, second: string): string;
  /** The same for a new transfer. */
  refuseTransfer(first: string, second: string): string;
}

/** A hold never gives out more than it has, whatever a program does. */
const TAKES_FROM_HELD = "new.source = 'held'";
const HELD = "(SELECT COALESCE(hold, id) FROM transfers WHERE id = new.transfer)";
const HOLD_AND_RESOLUTION = `SELECT id FROM transfers WHERE id = ${HELD} UNION ALL SELECT id FROM transfers WHERE hold = ${HELD}`;
const moreThanHeld = ({ elements }: Dialect): string => `EXISTS (
  SELECT 1 FROM (
    SELECT each.value->>0 AS account, new.unit AS unit, new.taken AS minor FROM ${elements("new.accounts")}
    UNION ALL
    SELECT e.account, e.unit, e.minor FROM entries e JOIN (${HOLD_AND_RESOLUTION}) t ON e.transfer = t.id WHERE e.side = 'held'
  ) AS own GROUP BY account, unit HAVING SUM(minor) < 0)`;

const RESOLVES = "new.hold IS NOT NULL";
const NOT_ITS_OWN =
  "NOT EXISTS (SELECT 1 FROM transfers h WHERE h.id = new.hold AND h.phase = 'hold' AND h.intent = new.intent)";

/** What every account of a move gave and was given, one by one. */
const createEntries = ({ elements }: Dialect): string => `
CREATE VIEW entries AS SELECT m.transfer AS transfer, (m.position * 1000000 + each.key) * 2 + side.is_target AS position,
  each.value->>0 AS account, CASE side.is_target WHEN 1 THEN m.target ELSE m.source END AS side, m.unit AS unit,
  CASE side.is_target WHEN 1 THEN m.given ELSE m.taken END AS minor, m.settles AS settles,
  CASE side.is_target WHEN 1 THEN CAST(each.value->>1 AS BIGINT) END AS cap
FROM moves m CROSS JOIN ${elements("m.accounts")} CROSS JOIN (SELECT 0 AS is_target UNION ALL SELECT 1) AS side;`;

/**
 * The tables. `ledger` has one row: whose ledger it is, the writer's epoch, the number of commits, and the newest time that was seen.
 * A hold is resolved once and by its own act, whatever a program does. That is asked by the hold's number and not by the intent's key: keys are hashes, and an index of them makes every
 * record of a batch write a page of its own.
 */
export function createSchema(dialect: Dialect): string {
  const { integer, suffix } = dialect;
  const names = Object.keys(TABLES) as TableName[];
  return [
    `CREATE TABLE ledger (id TEXT PRIMARY KEY, version ${integer} NOT NULL, epoch ${integer} NOT NULL, serial ${integer} NOT NULL, time ${integer} NOT NULL)${suffix(["id"])};`,
    ...names.map((name) => createTable(name, TABLES[name], dialect)),
    "CREATE UNIQUE INDEX resolved_once ON transfers (hold) WHERE hold IS NOT NULL;",
    createEntries(dialect),
    dialect.refuse(TAKES_FROM_HELD, moreThanHeld(dialect)),
    dialect.refuseTransfer(RESOLVES, NOT_ITS_OWN),
    ...names
      .filter((name) => TABLES[name].isAppendOnly)
      .map((name) => dialect.protect(name, listTaken(name))),
  ].join("\n");
}

/** One condition for each thing of which the table has one. */
function listTaken(name: TableName): readonly string[] {
  const among = (columns: readonly string[]): string =>
    `EXISTS (SELECT 1 FROM ${name} WHERE ${columns.map((column) => `${column} = new.${column}`).join(" AND ")})`;
  return [among(TABLES[name].key), ...(name === "transfers" ? [among(["hold"])] : [])];
}

function createTable(name: string, table: TableShape, { integer, suffix }: Dialect): string {
  const columns = Object.entries(table.columns).map(([column, type]) => {
    const isOptional = table.optional.includes(column);
    return `${column} ${type === "text" ? "TEXT" : integer}${isOptional ? "" : " NOT NULL"}`;
  });
  const parts = [...columns, `PRIMARY KEY (${table.key.join(", ")})`, ...table.constraints];
  return `CREATE TABLE ${name} (${parts.join(", ")})${suffix(table.key)};`;
}
