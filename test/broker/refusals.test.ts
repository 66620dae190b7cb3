import { expect, it } from "vitest";
import type { BrokerRequest } from "../../src/broker/protocol.ts";
import { readHome } from "../../src/broker/read-home.ts";
import { readLog } from "../../src/log/read-log.ts";
import { createBench, grant, identity, LIMITS, refuse, requests, setUp } from "./fakes/bench.ts";

it("promise 7: refusals of money and power are a burst that people hear of, and cannot flood the log", async () => {
  const bench = createBench();
  const allowed = await bench.open();
  const { account, payment } = await setUp(allowed);
  const token = await grant(allowed, requests.access(account));
  const broker = await bench.open({ permits: (verb) => verb !== "create-paid" && verb !== "read" });
  await broker.beginRun("run-1");
  const denials = () => readLog(bench.home).filter(({ name }) => name === "act-denied");
  const bursts = async () =>
    (
      await readHome({ home: bench.home }, LIMITS, (ledger) => ledger.alerts(), bench.clock)
    )?.filter(({ alert }) => alert.kind === "denial-burst");

  const read = { verb: "read", kind: "access-token", id: token.id } as const;
  const look = { ...read, identity: identity("cloudflare.access-token") } as BrokerRequest;
  for (let n = 0; n < 20; n++) expect(await refuse(broker, look)).toBe("not_permitted");
  expect([denials(), await bursts()]).toEqual([[], []]);

  for (let n = 0; n < 120; n++) {
    const request = requests.domain(account, payment, { domain: `shop-${n}.com` }, `d${n}`);
    expect(await refuse(broker, request)).toBe("not_permitted");
    if (n === 3) expect(await bursts()).toEqual([]);
    if (n === 4) expect(await bursts()).toHaveLength(1);
  }
  expect(denials().map(({ code }) => code)).toEqual([
    ...["not_permitted", "not_permitted_10_times", "not_permitted_100_times"],
  ]);
  expect(denials()[0]).toMatchObject({ resource: { name: "d0" }, actor: { run: "run-1" } });
  await broker.beginRun("run-2");
  expect(await refuse(broker, requests.domain(account, payment))).toBe("not_permitted");
  expect(denials()).toHaveLength(4);
});

it("promise 7: a burst of refusals counts for the stack of whoever asks, whatever stacks it names", async () => {
  const bench = createBench();
  const allowed = await bench.open();
  const { account, payment } = await setUp(allowed);
  const broker = await bench.open();
  const { project, stack } = identity("x");
  const verbs = ["create", "read", "update", "delete"] as const;
  const expiresAt = bench.clock.now() + 3_600_000;
  const caller = { project, stack, verbs, delegations: [], expiresAt };
  for (let n = 0; n < 20; n++) {
    const request = requests.domain(account, payment, { domain: `shop-${n}.com` });
    const foreign = { ...request, identity: { ...request.identity, project: `other-${n}` } };
    expect(await broker.handle(foreign, caller)).toMatchObject({ code: "session_refused" });
  }
  const alerts = await readHome(
    { home: bench.home },
    LIMITS,
    (ledger) => ledger.alerts(),
    bench.clock,
  );
  const bursts = alerts?.filter(({ alert }) => alert.kind === "denial-burst");
  expect(bursts).toMatchObject([{ alert: { scope: `${project}/${stack}` } }]);
});
