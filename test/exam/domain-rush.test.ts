import { expect, it, onTestFinished } from "vitest";
import { openPlace } from "../../src/broker/ledger/open-place.ts";
import { readRawBooks } from "../../src/broker/ledger/read-raw-books.ts";
import { startBrokerServer } from "../../src/broker/server.ts";
import { countCodes } from "../../src/operations/attack/count-codes.ts";
import { runAgent } from "../../src/operations/attack/run-agent.ts";
import { createBench, dollars, LIMITS, requests, setUp } from "../broker/fakes/bench.ts";
import { noteFigure } from "../promises/note-figure.ts";

const AGENTS = 50;
const NAMES = 20;
const MOST = 3;

it(`promise 6: of ${AGENTS * NAMES} names that ${AGENTS} processes ask for at once, exactly ${MOST} are bought, and each denial has its reason`, {
  timeout: 600_000,
}, async ({ task }) => {
  const bench = createBench();
  const broker = await bench.open({
    limits: {
      ...LIMITS,
      categories: { domains: LIMITS.perProvider },
      counts: { ...LIMITS.counts, domains: MOST },
    },
  });
  const { account, payment } = await setUp(broker);
  bench.world.price = dollars(200).minor;
  const server = await startBrokerServer(broker);
  onTestFinished(async () => {
    await server.close();
    await broker.close();
  });
  const exits = await Promise.all(
    Array.from({ length: AGENTS }, (_, agent) => {
      const wishes = Array.from({ length: NAMES }, (_, name) => {
        const stem = `rush-${agent}-${name}`;
        return requests.domain(account, payment, { domain: `${stem}.com` }, stem);
      });
      return runAgent("greedy-agent", wishes, {
        ...server.admit({ project: "shop", stack: "prod" }),
      });
    }),
  );
  const codes = exits.flatMap(({ stdout }) => JSON.parse(stdout) as readonly string[]);
  const denied = AGENTS * NAMES - MOST;
  expect(countCodes(codes)).toBe(`${denied} x count_exceeded, ${MOST} x ok`);

  // The provider's book, and the ledger's raw rows.
  expect(bench.world.domains).toHaveLength(MOST);
  expect(bench.world.calls.get("registerDomain")).toBe(MOST);
  const store = await openPlace({ home: bench.home }, "reader");
  if (typeof store === "string") throw new Error(store);
  const { log, entries } = await readRawBooks(store);
  await store.close();
  const told = log.map(
    (text) => JSON.parse(text) as { readonly name: string; readonly code?: string },
  );
  const reasons = told.filter(({ name }) => name === "act-denied").map(({ code }) => code);
  expect(reasons).toEqual(Array(denied).fill("count_exceeded"));
  const counted = entries.filter(
    ({ account: name, side }) => name === "count/domains" && side === "spent",
  );
  expect(counted).toHaveLength(MOST);
  noteFigure(task, `${MOST} of ${AGENTS * NAMES} bought, ${denied} denials with their reason`);
});
