import {
  LedgerRolledBackError,
  LedgerStorageError,
  type LedgerStore,
  type Select,
  StaleWriterError,
} from "../../../src/broker/ledger/store.ts";
import {
  type Changes,
  type Row,
  TABLES,
  type TableName,
  type Value,
} from "../../../src/broker/ledger/tables.ts";

/** What survives a death: the rows, as a disk would have them. */
export interface MemoryDisk {
  readonly id: string;
  epoch: number;
  serial: number;
  time: number;
  readonly tables: ReadonlyMap<TableName, MemoryTable>;
  /** Every movement with its entries, in order. */
  readonly movements: Movement[];
  readonly balances: Map<string, MemoryBalance>;
  /** Of the log. */
  readonly denials: Row[];
  /** Transfers that hold and are resolved: each once. */
  readonly resolved: Set<Value>;
}

/** Rows by their primary key; those that never change are a list, too. */
interface MemoryTable {
  readonly byKey: Map<Value | undefined, Row>;
  readonly list: Row[];
}

interface Movement {
  readonly transfer: Row;
  readonly entries: Row[];
}

interface MemoryBalance {
  readonly account: Value;
  readonly unit: Value;
  readonly held: bigint;
  readonly spent: bigint;
}

const NAMES = Object.keys(TABLES) as readonly TableName[];

export function createMemoryDisk(id: string): MemoryDisk {
  const tables = new Map(NAMES.map((name) => [name, { byKey: new Map(), list: [] }]));
  const books = { movements: [], balances: new Map(), denials: [], resolved: new Set<Value>() };
  return { id, epoch: 0, serial: 0, time: 0, tables, ...books };
}

/** A copy that later commits don't change. */
export function copyMemoryDisk(disk: MemoryDisk): MemoryDisk {
  return structuredClone(disk);
}

/**
 * A store without a disk, held to the contract of the real ones, for simulations of more commits than a disk can sync. It knows the queries that the ledger
 * asks, and no other.
 */
export function openMemoryStore(disk: MemoryDisk, mode: "writer" | "reader"): LedgerStore {
  if (mode === "writer") disk.epoch += 1;
  const { epoch } = disk;
  const select: Select = async (sql, _, parameters = []) => ask(disk, sql, parameters);
  return {
    epoch,
    read: (work) => work(select, disk),
    async commit(serial, time, changes) {
      if (mode === "reader") throw new LedgerStorageError("a reader writes nothing");
      if (disk.epoch !== epoch) throw new StaleWriterError();
      if (disk.serial !== serial) throw new LedgerRolledBackError();
      write(disk, changes);
      disk.serial += 1;
      disk.time = time;
    },
    close: async () => undefined,
  };
}

/** All rows or none. */
function write(disk: MemoryDisk, changes: Changes): void {
  const list = changes.list();
  const resolved = new Set<Value>();
  const fresh = list.find(({ table }) => table === "transfers")?.rows ?? [];
  for (const { table, rows } of list)
    for (const row of rows) {
      const { isAppendOnly } = TABLES[table];
      if (isAppendOnly && tableOf(disk, table).byKey.has(keyOf(table, row)))
        throw new LedgerStorageError(`${table} are immutable`);
      const hold = table === "transfers" ? (row.hold ?? null) : null;
      if (hold === null) continue;
      if (disk.resolved.has(hold) || resolved.has(hold))
        throw new LedgerStorageError("resolved twice");
      const held =
        tableOf(disk, "transfers").byKey.get(hold) ?? fresh.find(({ id }) => id === hold);
      if (held?.phase !== "hold" || held.intent !== row.intent)
        throw new LedgerStorageError("not its own hold");
      resolved.add(hold);
    }
  for (const { table, rows } of list) for (const row of rows) keep(disk, table, row);
  for (const hold of resolved) disk.resolved.add(hold);
}

function keep(disk: MemoryDisk, table: TableName, row: Row): void {
  const { byKey, list } = tableOf(disk, table);
  byKey.set(keyOf(table, row), row);
  if (TABLES[table].isAppendOnly) list.push(row);
  if (table === "transfers") disk.movements.push({ transfer: row, entries: [] });
  if (table === "log" && String(row.entry).includes('"name":"act-denied"')) disk.denials.push(row);
  if (table === "moves") for (const entry of listEntries(row)) keepEntry(disk, entry);
}

/** The transfer of an entry is written in the same commit, or before. */
function keepEntry({ movements, balances }: MemoryDisk, entry: Row): void {
  const { transfer, account = null, unit = null, side, minor } = entry;
  movements.findLast((one) => one.transfer.id === transfer)?.entries.push(entry);
  const key = `${account}\u0000${unit}`;
  const before = balances.get(key) ?? { account, unit, held: 0n, spent: 0n };
  const isCounted = side === "held" || side === "spent";
  const after = isCounted ? { ...before, [side]: before[side] + BigInt(minor ?? 0n) } : before;
  balances.set(key, after);
}

/** What the stores' view makes of a move. */
function listEntries(move: Row): readonly Row[] {
  const { transfer = null, source = null, taken = null, target = null, given = null } = move;
  const { unit = null, settles = null } = move;
  const lines = JSON.parse(String(move.accounts)) as readonly [string, number | null][];
  return lines.flatMap(([account, cap]) => {
    const common = { transfer, account, unit, settles };
    return [
      { ...common, side: source, minor: taken, cap: null },
      { ...common, side: target, minor: given, cap: cap === null ? null : BigInt(cap) },
    ];
  });
}

function tableOf(disk: MemoryDisk, table: TableName): MemoryTable {
  return disk.tables.get(table) as MemoryTable;
}

function keyOf(table: TableName, row: Row): Value | undefined {
  const { key } = TABLES[table];
  const [first, ...rest] = key as readonly string[];
  if (rest.length === 0) return row[first ?? ""];
  return key.map((name) => row[name as keyof Row]).join("\u0000");
}

type Answer = (disk: MemoryDisk, parameters: readonly Value[]) => readonly Row[];

const all = (disk: MemoryDisk, table: TableName): readonly Row[] => {
  const { byKey, list } = tableOf(disk, table);
  return TABLES[table].isAppendOnly ? list : [...byKey.values()];
};
const greatest = (rows: readonly Row[]): readonly Row[] => [
  { id: rows.reduce((most, { id }) => Math.max(most, Number(id)), 0) },
];
const by =
  (...names: readonly string[]) =>
  (a: Row, b: Row): number => {
    for (const name of names) {
      const [one, other] = [a[name] ?? "", b[name] ?? ""];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  };

/** The entries of the movements that a test lets through, in order. */
function entriesOf(
  disk: MemoryDisk,
  test: (transfer: Row) => boolean,
): readonly { readonly transfer: Row; readonly entry: Row }[] {
  return disk.movements
    .filter(({ transfer }) => test(transfer))
    .flatMap(({ transfer, entries }) => entries.map((entry) => ({ transfer, entry })));
}

/** Queries, and what is answered; the first that fits is taken. */
const ANSWERS: readonly (readonly [RegExp, Answer])[] = [
  [
    /^SELECT entry FROM log WHERE sequence >= \? /,
    (disk, [from = 0]) => all(disk, "log").slice(Number(from)),
  ],
  [
    /^SELECT leaf FROM log WHERE sequence = \?$/,
    (disk, [at = 0]) => all(disk, "log").slice(Number(at), Number(at) + 1),
  ],
  [
    /^SELECT entry FROM log WHERE sequence > \(SELECT COALESCE\(MAX\(sequence\), 0\) FROM log\) - \d+ AND entry LIKE '%"name":"act-denied"%' /,
    (disk) => {
      const earliest = all(disk, "log").length - 1000;
      return disk.denials.filter(({ sequence }) => Number(sequence) >= earliest);
    },
  ],
  [/ FROM log ORDER BY sequence DESC LIMIT 1$/, (disk) => all(disk, "log").slice(-1)],
  [/ FROM log ORDER BY sequence$/, (disk) => all(disk, "log")],
  [
    / FROM commitments WHERE ended_at IS NULL ORDER BY id$/,
    (disk) =>
      all(disk, "commitments")
        .filter((row) => row.ended_at === null)
        .toSorted(by("id")),
  ],
  [/ FROM alerts$/, (disk) => all(disk, "alerts")],
  [/ FROM freezes ORDER BY id$/, (disk) => all(disk, "freezes")],
  [/MAX\(id\), 0\) AS id FROM revocations$/, (disk) => greatest(all(disk, "revocations"))],
  [/MAX\(id\), 0\) AS id FROM transfers$/, (disk) => greatest(all(disk, "transfers").slice(-1))],
  [
    / FROM intents ORDER BY recorded_at, key$/,
    (disk) => all(disk, "intents").toSorted(by("recorded_at", "key")),
  ],
  [/ FROM intents$/, (disk) => all(disk, "intents")],
  [/ FROM leases ORDER BY ordinal$/, (disk) => all(disk, "leases").toSorted(by("ordinal"))],
  [/ FROM secrets$/, (disk) => all(disk, "secrets")],
  [
    / FROM revocations WHERE done_at IS NULL ORDER BY id$/,
    (disk) => all(disk, "revocations").filter((row) => row.done_at === null),
  ],
  [/ FROM transfers ORDER BY id$/, (disk) => all(disk, "transfers")],
  [
    / FROM entries ORDER BY transfer, position$/,
    (disk) => disk.movements.flatMap(({ entries }) => entries),
  ],
  [
    /^SELECT account, unit, SUM\(.* FROM entries GROUP BY account, unit /,
    (disk) =>
      [...disk.balances.values()].map((one) => ({ ...one })).toSorted(by("account", "unit")),
  ],
  [
    / WHERE t\.phase = 'return' AND e\.side = 'spent'$/,
    (disk) =>
      entriesOf(disk, ({ phase }) => phase === "return")
        .filter(({ entry: { side } }) => side === "spent")
        .map(({ transfer: { intent = null }, entry: { account = null } }) => ({ intent, account })),
  ],
  [
    / WHERE t\.phase = 'hold' AND e\.side = 'held' AND NOT EXISTS /,
    (disk) =>
      entriesOf(disk, ({ phase, id = null }) => phase === "hold" && !disk.resolved.has(id))
        .filter(({ entry: { side } }) => side === "held")
        .map(({ transfer: { intent = null, id = null }, entry }) => ({
          ...{ ...entry, intent },
          transfer: id,
        })),
  ],
  [/ WHERE e\.account = \? AND e\.unit = \? AND e\.side = 'spent' AND e\.minor > 0 /, listCredits],
];

/** Each query's answer, by its text. */
const found = new Map<string, Answer>();

function ask(disk: MemoryDisk, sql: string, parameters: readonly Value[]): readonly Row[] {
  const known = found.get(sql);
  if (known !== undefined) return known(disk, parameters);
  const text = sql.replace(/\s+/g, " ").trim();
  const [, answer] = ANSWERS.find(([form]) => form.test(text)) ?? [];
  if (answer === undefined) throw new Error(`the store in memory has no answer to: ${text}`);
  found.set(sql, answer);
  return answer(disk, parameters);
}

function listCredits(
  disk: MemoryDisk,
  [account, unit, since = 0]: readonly Value[],
): readonly Row[] {
  return disk.movements
    .filter(({ transfer: { at } }) => Number(at) >= Number(since))
    .flatMap(({ transfer: { at = null }, entries }) =>
      entries
        .filter(
          (entry) =>
            entry.account === account &&
            entry.unit === unit &&
            entry.side === "spent" &&
            BigInt(entry.minor ?? 0n) > 0n,
        )
        .map(({ minor = null }) => ({ at, minor })),
    )
    .toReversed();
}
