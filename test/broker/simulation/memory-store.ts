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

/** What survives a death: the rows, as a disk would have them, by table and primary key. */
export interface MemoryDisk {
  readonly id: string;
  epoch: number;
  serial: number;
  time: number;
  readonly tables: ReadonlyMap<TableName, Map<string, Row>>;
  /** `intent 1` for a hold, `intent 2` for its resolution: each is there once. */
  readonly phases: Set<string>;
}

const NAMES = Object.keys(TABLES) as readonly TableName[];

export function createMemoryDisk(id: string): MemoryDisk {
  const tables = new Map(NAMES.map((name) => [name, new Map<string, Row>()]));
  return { id, epoch: 0, serial: 0, time: 0, tables, phases: new Set() };
}

/** A copy that later commits don't change. */
export function copyMemoryDisk(disk: MemoryDisk): MemoryDisk {
  const tables = new Map([...disk.tables].map(([name, rows]) => [name, new Map(rows)]));
  return { ...disk, tables, phases: new Set(disk.phases) };
}

/**
 * A store without a disk, held to the contract of the real ones, for simulations of more commits than a disk can sync. It knows the queries that the ledger
 * asks, and no other.
 */
export function openMemoryStore(disk: MemoryDisk, mode: "writer" | "reader"): LedgerStore {
  if (mode === "writer") disk.epoch += 1;
  const { epoch } = disk;
  const select: Select = async (sql, columns, parameters = []) => {
    const text = sql.replace(/\s+/g, " ").trim();
    const names = Object.keys(columns);
    return ask(disk, text, parameters).map((row) =>
      Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
    );
  };
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
  const phases = new Set<string>();
  for (const { table, rows } of list)
    for (const row of rows) {
      const { isAppendOnly } = TABLES[table];
      if (isAppendOnly && rowsOf(disk, table).has(keyOf(table, row)))
        throw new LedgerStorageError(`${table} are immutable`);
      const phase = table === "transfers" ? phaseOf(row) : undefined;
      if (phase === undefined) continue;
      if (disk.phases.has(phase) || phases.has(phase))
        throw new LedgerStorageError("held or resolved twice");
      phases.add(phase);
    }
  for (const { table, rows } of list)
    for (const row of rows) rowsOf(disk, table).set(keyOf(table, row), row);
  for (const phase of phases) disk.phases.add(phase);
}

function phaseOf({ intent, phase }: Row): string | undefined {
  if (phase === "hold") return `${intent} 1`;
  return phase === "post" || phase === "void" ? `${intent} 2` : undefined;
}

function rowsOf(disk: MemoryDisk, table: TableName): Map<string, Row> {
  return disk.tables.get(table) as Map<string, Row>;
}

function keyOf(table: TableName, row: Row): string {
  const { key } = TABLES[table];
  return key.map((name) => row[name]).join("\u0000");
}

type Answer = (disk: MemoryDisk, parameters: readonly Value[]) => readonly Row[];

const all = (disk: MemoryDisk, table: TableName): readonly Row[] => [
  ...rowsOf(disk, table).values(),
];
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

/** Every entry with its transfer, in order. */
function joined(disk: MemoryDisk): readonly (readonly [Row, Row])[] {
  return all(disk, "entries").map(
    (entry) => [rowsOf(disk, "transfers").get(String(entry.transfer)) as Row, entry] as const,
  );
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
    /^SELECT entry FROM log WHERE sequence > \(SELECT COALESCE\(MAX\(sequence\), 0\) FROM log\) - \d+ /,
    (disk) => all(disk, "log").slice(-1000),
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
  [/ FROM entries ORDER BY transfer, position$/, (disk) => all(disk, "entries")],
  [/^SELECT account, unit, SUM\(.* FROM entries GROUP BY account, unit /, sumBalances],
  [
    / WHERE t\.phase = 'return' AND e\.side = 'spent'$/,
    (disk) =>
      joined(disk)
        .filter(([{ phase }, { side }]) => phase === "return" && side === "spent")
        .map(([{ intent = null }, { account = null }]) => ({ intent, account })),
  ],
  [
    / WHERE t\.phase = 'hold' AND e\.side = 'held' AND NOT EXISTS /,
    (disk) =>
      joined(disk)
        .filter(
          ([{ phase, intent }, { side }]) =>
            phase === "hold" && side === "held" && !disk.phases.has(`${intent} 2`),
        )
        .map(([{ intent = null }, entry]) => ({ ...entry, intent })),
  ],
  [/ WHERE e\.account = \? AND e\.unit = \? AND e\.side = 'spent' AND e\.minor > 0 /, listCredits],
];

function ask(disk: MemoryDisk, sql: string, parameters: readonly Value[]): readonly Row[] {
  const found = ANSWERS.find(([form]) => form.test(sql));
  if (found === undefined) throw new Error(`the store in memory has no answer to: ${sql}`);
  return found[1](disk, parameters);
}

function sumBalances(disk: MemoryDisk): readonly Row[] {
  const sums = new Map<string, { account: Value; unit: Value; held: bigint; spent: bigint }>();
  for (const { account = null, unit = null, side, minor } of all(disk, "entries")) {
    const key = `${account}\u0000${unit}`;
    const sum = sums.get(key) ?? { account, unit, held: 0n, spent: 0n };
    sums.set(key, sum);
    if (side === "held" || side === "spent") sum[side] += BigInt(minor ?? 0n);
  }
  return [...sums.values()].toSorted(by("account", "unit"));
}

function listCredits(
  disk: MemoryDisk,
  [account, unit, since = 0]: readonly Value[],
): readonly Row[] {
  return joined(disk)
    .filter(
      ([{ at }, entry]) =>
        entry.account === account &&
        entry.unit === unit &&
        entry.side === "spent" &&
        BigInt(entry.minor ?? 0n) > 0n &&
        Number(at) >= Number(since),
    )
    .map(([{ at = null }, { minor = null }]) => ({ at, minor }))
    .toReversed();
}
