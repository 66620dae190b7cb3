import { join } from "node:path";
import { grant, identity, requests } from "../test/broker/fakes/requests.ts";
import { openBenchBroker } from "./open-bench-broker.ts";

const LEASES = 1_000;
const PARALLEL = 64;

/** Takes 1,000 access tokens back, from the order to the last confirmation by the tests' fake world, which answers at once. */
export async function benchRevocation(scratch: string): Promise<void> {
  const { broker, account, close } = await openBenchBroker({ home: join(scratch, "revocation") });
  const wanted = Array.from({ length: LEASES }, (_, n) => ({
    ...requests.access(account),
    identity: identity(`token-${n}`),
  }));
  const client = async (): Promise<void> => {
    for (let one = wanted.pop(); one !== undefined; one = wanted.pop()) await grant(broker, one);
  };
  await Promise.all(Array.from({ length: PARALLEL }, client));
  const start = process.hrtime.bigint();
  const report = await broker.revoke("shop/prod/cloudflare/access-token");
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await close();
  if (!("revoked" in report)) throw new Error(report.code);
  console.log(`revocation of ${LEASES} leases, SQLite, provider of the tests' fake world`);
  console.log(`  ${seconds.toFixed(2)} s, ${report.revoked.length} confirmed dead\n`);
}
