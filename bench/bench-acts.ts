import { join } from "node:path";
import { grant, requests } from "../test/broker/fakes/requests.ts";
import { openBenchBroker } from "./open-bench-broker.ts";
import { printRates } from "./print-rates.ts";
import { runClients } from "./run-clients.ts";
import { withPostgres } from "./with-postgres.ts";

/**
 * Whole purchases through the broker: record, export, seal under a witnessed checkpoint, mark, dispatch, store, settle. A provider of the tests' fake world answers
 * at once, so that all of the time is ours.
 */
export async function benchActs(scratch: string): Promise<void> {
  await benchPurchases("SQLite", { home: join(scratch, "acts-sqlite") });
  await withPostgres(({ url, version }) =>
    benchPurchases(version, {
      home: join(scratch, "acts-postgres"),
      postgres: { url, name: "bench" },
    }),
  );
}

async function benchPurchases(
  label: string,
  place: Pick<Parameters<typeof openBenchBroker>[0], "home" | "postgres">,
): Promise<void> {
  const { broker, account, payment, close } = await openBenchBroker(place);
  let serial = 0;
  const rates = await runClients([1, 8, 64], async () => {
    serial += 1;
    await grant(broker, requests.service(account, payment, {}, `service-${serial}`));
  });
  await close();
  printRates(`purchases through the whole broker, witnessed (${serial} in all), ${label}`, rates);
}
