import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../src/broker/ledger/open-ledger.ts";
import { type LedgerPlace, openPlace } from "../src/broker/ledger/open-place.ts";
import { cost, wish } from "../test/broker/fakes/ledger-acts.ts";
import { printRates } from "./print-rates.ts";
import { runClients } from "./run-clients.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";
import { withPostgres } from "./with-postgres.ts";

/** More than any machine records in the rounds. */
const REQUESTS = 150_000;

/** Durable authorisations, `ledger.record` alone: the intent, a hold on every cap that applies and the log entry, on both stores. */
export async function benchLedger(scratch: string): Promise<void> {
  await benchRecords("SQLite", { home: join(scratch, "ledger-sqlite") });
  await withPostgres(({ url, version }) =>
    benchRecords(version, {
      home: join(scratch, "ledger-postgres"),
      postgres: { url, name: "bench" },
    }),
  );
}

async function benchRecords(label: string, place: LedgerPlace): Promise<void> {
  mkdirSync(place.home);
  const store = await openPlace(place, "writer");
  if (typeof store === "string") throw new Error(store);
  const ledger = openLedger(store, {
    limits: WIDE_LIMITS,
    logPath: join(place.home, "log", "events.jsonl"),
    seenPath: join(place.home, "seen.json"),
    mode: "writer",
    agent: "agent:bench",
    now: Date.now,
  });
  // Clients make their requests in processes of their own.
  const requests = Array.from({ length: REQUESTS }, (_, n) =>
    wish({ resource: `r-${n}`, spend: cost(100) }),
  );
  const rates = await runClients([1, 8, 64], async () => {
    const request = requests.pop();
    if (request === undefined) throw new Error("more requests are needed");
    const answer = await ledger.record(request);
    if (answer.kind === "denied") throw new Error(answer.denial.code);
  });
  const accounts = (await ledger.caps()).length + 1;
  await ledger.close();
  printRates(`durable authorisations, record alone (${accounts} accounts each), ${label}`, rates);
}
