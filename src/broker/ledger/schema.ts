import { LOG_SCHEMA } from "../../log/log-table.ts";

/** Raised with every change of the tables; an older program refuses a newer ledger. */
export const SCHEMA_VERSION = 2;

/** Money is integer minor units. Holds, entries and counts are immutable; the sum of a hold's entries is the hold, once there are any. */
export const SCHEMA = `
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE intents (
  key TEXT PRIMARY KEY,
  project TEXT NOT NULL, stack TEXT NOT NULL, resource TEXT NOT NULL, kind TEXT NOT NULL, verb TEXT NOT NULL,
  generation INTEGER NOT NULL,
  lease TEXT NOT NULL, provider TEXT NOT NULL, via TEXT NOT NULL, fingerprint TEXT NOT NULL, parameters TEXT NOT NULL,
  run TEXT NOT NULL, counted TEXT, stoppable INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('recorded', 'dispatched', 'answered', 'settled', 'refused', 'abandoned')),
  waiting TEXT, attempts INTEGER NOT NULL DEFAULT 0,
  recorded_at INTEGER NOT NULL, dispatched_at INTEGER, settled_at INTEGER, outcome TEXT,
  UNIQUE (project, stack, resource, kind, verb, generation)
) STRICT;
CREATE TABLE holds (
  id INTEGER PRIMARY KEY,
  intent TEXT NOT NULL REFERENCES intents (key),
  account TEXT NOT NULL, currency TEXT NOT NULL,
  minor INTEGER NOT NULL CHECK (minor > 0),
  at INTEGER NOT NULL,
  UNIQUE (intent, account)
) STRICT;
CREATE INDEX holds_by_account ON holds (account);
CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  hold INTEGER NOT NULL REFERENCES holds (id),
  kind TEXT NOT NULL CHECK (kind IN ('capture', 'release')),
  minor INTEGER NOT NULL CHECK (minor > 0),
  at INTEGER NOT NULL,
  UNIQUE (hold, kind)
) STRICT;
CREATE TRIGGER entries_within_hold BEFORE INSERT ON entries
  WHEN new.minor + (SELECT COALESCE(SUM(minor), 0) FROM entries WHERE hold = new.hold) > (SELECT minor FROM holds WHERE id = new.hold)
  BEGIN SELECT RAISE(ABORT, 'more than was held'); END;
CREATE TABLE counts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL, intent TEXT NOT NULL, delta INTEGER NOT NULL CHECK (delta IN (-1, 1)), reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (name, intent, delta)
) STRICT;
CREATE TABLE leases (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL, stack TEXT NOT NULL, resource TEXT NOT NULL, kind TEXT NOT NULL, generation INTEGER NOT NULL,
  provider TEXT NOT NULL, parent TEXT,
  state TEXT NOT NULL CHECK (state IN ('opening', 'live', 'kept', 'revoking', 'revoked', 'closed')),
  revocability TEXT NOT NULL CHECK (revocability IN ('now', 'expires', 'never')),
  natural_id TEXT NOT NULL, intent TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, notes TEXT NOT NULL,
  expires_at INTEGER, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  UNIQUE (project, stack, resource, kind, generation)
) STRICT;
CREATE TABLE secrets (lease TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (lease, name)) STRICT;
CREATE TABLE revocations (id INTEGER PRIMARY KEY, lease TEXT NOT NULL, kind TEXT NOT NULL, sealed TEXT, at INTEGER NOT NULL, done_at INTEGER) STRICT;
CREATE TABLE freezes (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL, action TEXT NOT NULL CHECK (action IN ('freeze', 'unfreeze')), reason TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
${["holds", "entries", "counts", "freezes"]
  .map(
    (table) => `
CREATE TRIGGER ${table}_unchanging BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;
CREATE TRIGGER ${table}_undeletable BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;`,
  )
  .join("")}
${LOG_SCHEMA}
`;
