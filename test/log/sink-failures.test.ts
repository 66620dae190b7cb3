import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Broker } from "../../src/broker/broker.ts";
import { logFolder, readLog } from "../../src/log/read-log.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { type Bench, createBench, grant, requests, setUp } from "../broker/fakes/bench.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { type BenchWitness, createBenchWitness } from "./fakes.ts";

/** The log's part of the file system, which can be made to fail at any of its calls. */
const sink = vi.hoisted(() => ({
  /** Number of the call that fails first; undefined: none does. */
  failAt: undefined as number | undefined,
  /** All calls from there on fail, not only the one. */
  forGood: true,
  code: "ENOSPC",
  calls: 0,
  failed: false,
  willFail(): boolean {
    const { failAt, forGood, calls } = sink;
    return failAt !== undefined && (forGood ? calls >= failAt : calls === failAt);
  },
  check(syscall: string): void {
    const isFailing = sink.willFail();
    sink.calls += 1;
    if (!isFailing) return;
    sink.failed = true;
    throw Object.assign(new Error(`${sink.code}: ${syscall}`), { code: sink.code, syscall });
  },
}));

vi.mock("node:fs", async (load) => {
  const real = await load<typeof import("node:fs")>();
  const logFiles = new Set<number>();
  const isLog = (path: unknown) => String(path).includes("/log/");
  return {
    ...real,
    openSync(path: string, ...rest: [string, number?]) {
      if (isLog(path)) sink.check("open");
      const file = real.openSync(path, ...rest);
      if (isLog(path)) logFiles.add(file);
      return file;
    },
    writeFileSync(file: number, data: string) {
      if (!logFiles.has(file)) return real.writeFileSync(file, data);
      // A full disk takes a part of it.
      if (sink.willFail()) real.writeSync(file, data.slice(0, data.length / 2));
      sink.check("write");
      return real.writeFileSync(file, data);
    },
    fsyncSync(file: number) {
      if (logFiles.has(file)) sink.check("fsync");
      real.fsyncSync(file);
    },
    closeSync(file: number) {
      logFiles.delete(file);
      real.closeSync(file);
    },
    renameSync(from: string, to: string) {
      if (isLog(to)) sink.check("rename");
      real.renameSync(from, to);
    },
  };
});

/** Calls that change something outside, and the entries that stand for one such call each. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  requestAccount: ["account-requested"],
  issue: ["payment-token-requested"],
  registerDomain: ["domain-requested"],
  issueToken: ["access-token-requested"],
  // A token is presented with a free plan.
  createResource: ["service-requested", "payment-token-presenting"],
  removeResource: ["service-removing"],
  revokeToken: ["access-token-revoking"],
  revokePayment: ["payment-token-revoking"],
};
/** They take power away, so they go on without a witness. */
const UNWITNESSED = new Set(["removeResource", "revokeToken", "revokePayment"]);

/** Watches each call: is there an entry for it, on disk and witnessed, and had nothing failed before? */
function watchCalls({ world, home }: Bench): readonly string[] {
  const violations: string[] = [];
  world.onCall = (method) => {
    const names = CALLS[method];
    if (names === undefined) return;
    if (sink.failed && sink.forGood) violations.push(`${method} after a failure`);
    const sealed = existsSync(join(logFolder(home), "checkpoint"))
      ? Number(readFileSync(join(logFolder(home), "checkpoint"), "utf8").split("\n")[1])
      : 0;
    const entries = UNWITNESSED.has(method) ? readLog(home) : readLog(home).slice(0, sealed);
    const count = entries.filter(({ name }) => names.includes(name)).length;
    if (count !== (world.calls.get(method) ?? 0))
      violations.push(`${method}: ${count} entries for ${world.calls.get(method)} calls`);
  };
  return violations;
}

async function deploy(broker: Broker): Promise<{ readonly access: string; readonly mail: string }> {
  const { account, payment } = await setUp(broker);
  await grant(broker, requests.domain(account, payment));
  const access = await grant(broker, requests.access(account));
  const mail = await grant(broker, requests.service(account, payment));
  return { access: access.id, mail: mail.id };
}

async function destroy(broker: Broker, ids: Awaited<ReturnType<typeof deploy>>): Promise<void> {
  const { identity } = requests.service("a", "b");
  expect(
    await broker.handle({ verb: "delete", kind: "service-instance", identity, id: ids.mail }),
  ).toMatchObject({ ok: true });
  expect(
    await broker.handle({
      ...{ verb: "delete", kind: "access-token", id: ids.access },
      identity: requests.access("a").identity,
    }),
  ).toMatchObject({ ok: true });
}

beforeEach(() =>
  Object.assign(sink, { failAt: undefined, forGood: true, calls: 0, failed: false }),
);

describe("promise 19: no call without its entry", () => {
  it("every call that changes something outside has exactly one, on disk and witnessed before", async () => {
    const bench = createBench();
    const violations = watchCalls(bench);
    const broker = await bench.open(createBenchWitness());
    await destroy(broker, await deploy(broker));
    await broker.close();
    expect(violations).toEqual([]);
    for (const [method, names] of Object.entries(CALLS)) {
      const entries = readLog(bench.home).filter(({ name }) => names.includes(name));
      expect([method, entries.length]).toEqual([method, bench.world.calls.get(method) ?? 0]);
    }
  });

  it.each(["ENOSPC", "EIO", "EROFS"])(
    "%s at any write of the log: not one call is made from there on",
    async (code) => {
      const writes = await countWrites();
      expect(writes).toBeGreaterThan(100);
      for (let at = 0; at < writes; at += code === "ENOSPC" ? 1 : 5) {
        const bench = createBench();
        const witness = createBenchWitness();
        const violations = watchCalls(bench);
        Object.assign(sink, { failAt: at, code, calls: 0, failed: false });
        await bench
          .open(witness)
          .then(deploy)
          .catch(() => undefined);
        expect(violations).toEqual([]);
        expect(sink.failed).toBe(true);
        await expectWholeAfterwards(bench, witness);
      }
    },
    300_000,
  );

  it("a write that fails once ends that act before it is sent, and the next try makes it whole", async ({
    task,
  }) => {
    const writes = await countWrites();
    for (let at = 0; at < writes; at += 2) {
      const bench = createBench();
      const witness = createBenchWitness();
      const violations = watchCalls(bench);
      Object.assign(sink, { failAt: at, forGood: false, code: "EIO", calls: 0, failed: false });
      await bench
        .open(witness)
        .then(deploy)
        .catch(() => undefined);
      expect(violations).toEqual([]);
      await expectWholeAfterwards(bench, witness);
    }
    noteFigure(task, `0 calls after any of ${writes} writes of the log failed`);
  }, 300_000);

  it("a witness that does not answer stops every act that costs money or gives power, and no other", async () => {
    const bench = createBench();
    const witness = createBenchWitness();
    const broker = await bench.open(witness);
    const ids = await deploy(broker);
    const { account, payment } = await setUp(broker);
    const before = new Map(bench.world.calls);
    witness.down = true;
    const more = requests.domain(account, payment, { domain: "more.com" }, "more");
    for (const request of [
      more,
      requests.service(account, payment, {}, "other"),
      requests.secret(),
    ])
      expect(await broker.handle(request)).toMatchObject({ code: "witness_unreachable" });
    for (const method of Object.keys(CALLS))
      expect(bench.world.calls.get(method)).toBe(before.get(method));
    expect(await broker.freeze("all", "drill")).toBeUndefined();
    await destroy(broker, ids);
    expect(bench.world.accessTokens.every(({ gone }) => gone)).toBe(true);
    expect((await broker.summary()).frozen).toHaveLength(1);

    witness.down = false;
    expect(await broker.unfreeze("all", "drill")).toBeUndefined();
    await grant(broker, more);
    await broker.close();
    expect(verifyLog(bench.home, witness.trust(bench.home)).findings).toEqual([]);
  });

  it("money that a failed sink left held is given back", async () => {
    const bench = createBench();
    const witness = createBenchWitness();
    const broker = await bench.open(witness);
    const { account, payment } = await setUp(broker);
    witness.down = true;
    const answer = await broker.handle(requests.domain(account, payment));
    expect(answer).toMatchObject({ ok: false, code: "witness_unreachable" });
    await broker.close();
    const { caps } = await (await bench.open(witness)).summary();
    expect(caps.every(({ held, spent }) => held === "0.00 USD" && spent === "0.00 USD")).toBe(true);
    expect(bench.world.domains).toHaveLength(0);
  });
});

/** How many times a whole deployment touches the log's files. */
async function countWrites(): Promise<number> {
  const bench = createBench();
  const broker = await bench.open(createBenchWitness());
  await deploy(broker);
  const { calls } = sink;
  await broker.close();
  return calls;
}

/** The disk works again: the next process makes one of everything, and the log is whole. */
async function expectWholeAfterwards(bench: Bench, witness: BenchWitness): Promise<void> {
  sink.failAt = undefined;
  sink.failed = false;
  bench.world.onCall = () => undefined;
  const broker = await bench.open(witness);
  await deploy(broker);
  await broker.close();
  const { world, home } = bench;
  expect(world.domains).toHaveLength(1);
  expect(world.accounts).toHaveLength(1);
  expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
  expect(verifyLog(home, witness.trust(home)).findings).toEqual([]);
}
