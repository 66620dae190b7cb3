import type { PostgresPlace } from "../broker/ledger/postgres-store.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { ledgerHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

/** The books of live stacks, and those of `local`, which keep their file unless this one is set, too. */
const LIVE_VARIABLE = "SUPERCARGO_LEDGER_URL";
const LOCAL_VARIABLE = "SUPERCARGO_LOCAL_LEDGER_URL";

/** Where a stack's books are. */
export interface FoundLedger {
  /** Folder of keys, log and, without a database, the ledger. */
  readonly home: string;
  /** Holds a secret: never log. */
  readonly postgres: PostgresPlace | undefined;
  /** For people: `.supercargo/ledger.sqlite`, `PostgreSQL at db.example.com:5432, database books`. No user, no password. */
  readonly description: string;
}

/**
 * Finds the ledger of `local` or of all live stacks. It is an environment variable and not in a file of the project, because power must be taken away
 * even while no file can be read, and because the URL holds a password. Play money and real money never share books, even in one database.
 */
export function findLedger(
  { env }: Pick<Workplace, "env">,
  root: string,
  { live }: { readonly live: boolean },
): FoundLedger | Refusal {
  const home = ledgerHome(root, { live });
  const variable = live ? LIVE_VARIABLE : LOCAL_VARIABLE;
  const url = env[variable] ?? "";
  if (url === "") {
    const file = live ? ".supercargo/live/ledger.sqlite" : ".supercargo/ledger.sqlite";
    return { home, postgres: undefined, description: file };
  }
  const server = describeServer(url);
  if (server === undefined)
    return refuse({
      kind: "remote",
      code: "ledger-url-invalid",
      message: `${variable} is not the URL of a PostgreSQL database`,
      remedy: "Write `postgres://user:password@host:port/database`.",
    });
  const name = live ? "supercargo" : "supercargo_local";
  return { home, postgres: { url, name }, description: server };
}

/** Host and database alone: what else is in the URL may be a secret. */
function describeServer(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) return undefined;
  // A password with an unescaped `/` and `?`, whose beginning would pass for host and database.
  if (`${url.search}${url.hash}`.includes("@")) return undefined;
  try {
    const host = decodeURIComponent(url.searchParams.get("host") ?? url.host);
    const database = decodeURIComponent(url.pathname.slice(1));
    if (host === "" || !/^[^/@]+$/.test(database)) return undefined;
    return `PostgreSQL at ${host}, database ${database}`;
  } catch {
    return undefined;
  }
}
