/** How a column is read: `integer` as number (times, sequences), `money` as BigInt. */
export type ColumnType = "text" | "integer" | "money";
export type Value = string | number | bigint | null;
export type Row = Readonly<Record<string, Value>>;

/** One table of the ledger, in the form that both stores make theirs. */
export interface TableShape {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly optional: readonly string[];
  /** Primary key. */
  readonly key: readonly string[];
  /** Rows can be added, but neither changed nor deleted. */
  readonly isAppendOnly: boolean;
  /** Further constraints in SQL that both stores understand. */
  readonly constraints: readonly string[];
}

function shape(
  columns: Readonly<Record<string, ColumnType>>,
  key: readonly string[],
  rest: Partial<TableShape> = {},
): TableShape {
  return { columns, key, optional: [], isAppendOnly: false, constraints: [], ...rest };
}

/** Written out: for `IN` and a list SQLite builds a tree anew with every row. */
function oneOf(column: string, values: readonly string[]): string {
  return `CHECK (${values.map((value) => `${column} = '${value}'`).join(" OR ")})`;
}

const identity = { project: "text", stack: "text", resource: "text", kind: "text" } as const;

/** In the order in which they are written. */
export const TABLES = {
  intents: shape(
    {
      key: "text",
      ...identity,
      verb: "text",
      generation: "integer",
      lease: "text",
      provider: "text",
      via: "text",
      fingerprint: "text",
      parameters: "text",
      run: "text",
      counted: "text",
      stoppable: "integer",
      state: "text",
      waiting: "text",
      attempts: "integer",
      recorded_at: "integer",
      dispatched_at: "integer",
      settled_at: "integer",
      outcome: "text",
    },
    ["key"],
    {
      optional: ["counted", "waiting", "dispatched_at", "settled_at", "outcome"],
      constraints: [
        oneOf("state", ["recorded", "dispatched", "answered", "settled", "refused", "abandoned"]),
        "UNIQUE (project, stack, resource, kind, verb, generation)",
      ],
    },
  ),
  /** One movement: what its entries say happens together or not at all. `hold` is the transfer that a `post` or `void` resolves. */
  transfers: shape(
    { id: "integer", intent: "text", phase: "text", at: "integer", hold: "integer" },
    ["id"],
    {
      isAppendOnly: true,
      optional: ["hold"],
      constraints: [
        oneOf("phase", ["hold", "post", "void", "return", "lapse"]),
        "CHECK ((phase = 'post' OR phase = 'void') = (hold IS NOT NULL))",
      ],
    },
  ),
  /**
   * The entries of the double entry, in the form in which they are quick to write: the same amount, from one side to another, on each of `accounts`, which is JSON,
   * `[[account, cap or null], ...]`. `taken` is below zero, `given` above. The view {@link ENTRIES} tells them one by one.
   */
  moves: shape(
    {
      transfer: "integer",
      position: "integer",
      source: "text",
      taken: "money",
      target: "text",
      given: "money",
      unit: "text",
      settles: "text",
      accounts: "text",
    },
    ["transfer", "position"],
    {
      isAppendOnly: true,
      constraints: [
        oneOf("source", ["budget", "held", "spent"]),
        oneOf("target", ["budget", "held", "spent"]),
        "CHECK (source <> target)",
        oneOf("settles", ["capture", "whole", "at-once"]),
        "CHECK (taken < 0)",
        "CHECK (taken + given = 0)",
        `CHECK (accounts LIKE '[["%]]')`,
      ],
    },
  ),
  commitments: shape(
    {
      id: "text",
      lease: "text",
      accounts: "text",
      unit: "text",
      minor: "money",
      every: "text",
      first: "integer",
      automatic: "integer",
      starts: "integer",
      next_month: "text",
      ended_at: "integer",
    },
    ["id"],
    {
      optional: ["ended_at"],
      constraints: [oneOf("every", ["day", "week", "month", "year"])],
    },
  ),
  leases: shape(
    {
      id: "text",
      ordinal: "integer",
      ...identity,
      generation: "integer",
      provider: "text",
      parent: "text",
      state: "text",
      revocability: "text",
      natural_id: "text",
      intent: "text",
      inputs: "text",
      outputs: "text",
      notes: "text",
      expires_at: "integer",
      created_at: "integer",
      changed_at: "integer",
    },
    ["id"],
    {
      optional: ["parent", "expires_at"],
      constraints: [
        oneOf("state", ["opening", "live", "kept", "revoking", "revoked", "closed"]),
        oneOf("revocability", ["now", "expires", "never"]),
        "UNIQUE (project, stack, resource, kind, generation)",
      ],
    },
  ),
  /** `sealed` is a JSON object, name -> sealed text. */
  secrets: shape({ lease: "text", sealed: "text" }, ["lease"]),
  revocations: shape(
    {
      id: "integer",
      lease: "text",
      kind: "text",
      sealed: "text",
      at: "integer",
      done_at: "integer",
    },
    ["id"],
    { optional: ["sealed", "done_at"] },
  ),
  freezes: shape(
    { id: "integer", scope: "text", action: "text", reason: "text", at: "integer" },
    ["id"],
    { isAppendOnly: true, constraints: [oneOf("action", ["freeze", "unfreeze"])] },
  ),
  /** What people must hear of. `body` is the alert as it was first raised; `deliveries` is JSON, sink -> how far it is. Rows are never deleted. */
  alerts: shape(
    {
      id: "text",
      cap: "text",
      body: "text",
      deliveries: "text",
      told_at: "integer",
      finished_at: "integer",
    },
    ["id"],
    { optional: ["told_at", "finished_at"] },
  ),
  log: shape({ sequence: "integer", entry: "text", leaf: "text" }, ["sequence"], {
    isAppendOnly: true,
  }),
} as const satisfies Readonly<Record<string, TableShape>>;

export type TableName = keyof typeof TABLES;

/** The view on `moves`: signed amounts; those of one transfer add up to zero in each unit. `cap` is the cap at that time, where a hold was measured against one. */
export const ENTRIES = {
  transfer: "integer",
  position: "integer",
  account: "text",
  side: "text",
  unit: "text",
  minor: "money",
  settles: "text",
  cap: "money",
} as const satisfies TableShape["columns"];

/** Rows that one commit writes: the last version of each. */
export interface Changes {
  put(table: TableName, row: Row): void;
  readonly isEmpty: boolean;
  /** In the order of {@link TABLES}. */
  list(): readonly { readonly table: TableName; readonly rows: readonly Row[] }[];
}

export function createChanges(): Changes {
  const tables = new Map<TableName, Row[] | Map<Value, Row>>();
  return {
    put(table, row) {
      const { key, isAppendOnly } = TABLES[table] as TableShape;
      const rows = tables.get(table) ?? (isAppendOnly ? [] : new Map<Value, Row>());
      // Whatever can change has one column for its key.
      if (Array.isArray(rows)) rows.push(row);
      else rows.set(row[key[0] ?? ""] ?? null, row);
      tables.set(table, rows);
    },
    get isEmpty() {
      return tables.size === 0;
    },
    list: () =>
      (Object.keys(TABLES) as TableName[]).flatMap((table) => {
        const rows = tables.get(table);
        return rows === undefined ? [] : [{ table, rows: [...rows.values()] }];
      }),
  };
}
