import { type Broker, type BrokerOptions, createBroker } from "../src/broker/broker.ts";
import { createCosigner } from "../src/log/witness/create-cosigner.ts";
import { type SpawnedWitness, spawnWitness } from "../src/log/witness/spawn-witness.ts";
import { CONNECTION, dollars, grant, requests } from "../test/broker/fakes/requests.ts";
import { createWorld } from "../test/broker/fakes/world.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/** A broker whose log is witnessed, with an account and a payment token to work with. */
export interface BenchBroker {
  readonly broker: Broker;
  readonly account: string;
  readonly payment: string;
  readonly logKey: string;
  readonly witnessKey: string;
  close(): Promise<void>;
}

/** Opens one before the stateful fake world of the tests, which answers at once, and with a witness in a process of its own. */
export async function openBenchBroker(
  place: Pick<BrokerOptions, "home" | "postgres">,
): Promise<BenchBroker> {
  const world = createWorld({ now: Date.now });
  const started: { logKey: string; witness: SpawnedWitness }[] = [];
  const opened = await createBroker({
    ...place,
    connection: CONNECTION,
    limits: WIDE_LIMITS,
    permits: () => true,
    orchestrators: { cloudflare: [world.orchestrator] },
    issuers: [world.issuer],
    vendors: { cloudflare: world.vendor },
    quoteService: () => ({
      price: { kind: "fixed", amount: dollars(500), interval: "month" },
      categories: ["storage"],
    }),
    witness(logKey) {
      const witness = spawnWitness(`${place.home}-witness`, [logKey]);
      started.push({ logKey, witness });
      return createCosigner(() => witness.connect());
    },
  });
  const [own] = started;
  if (!opened.ok || own === undefined) throw new Error("the broker did not open");
  const { broker } = opened;
  const { outputs } = await grant(broker, requests.account());
  const account = outputs.accountId;
  const payment = await grant(broker, requests.payment(account, { cap: "100000000.00 USD" }));
  const { verifierKey } = await own.witness.connect();
  return {
    ...{ broker, account, payment: payment.id, logKey: own.logKey, witnessKey: verifierKey },
    async close() {
      await broker.close();
      await own.witness.close();
    },
  };
}
