import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Broker, BrokerOptions } from "../../src/broker/broker.ts";
import { describeStep, STEP_NAMES, type Step } from "../../src/broker/steps.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { noteFigure } from "../promises/note-figure.ts";
import {
  type Bench,
  createBench,
  createBenchAt,
  grant,
  identity,
  makeHome,
  requests,
  setUp,
} from "./fakes/bench.ts";

class Crash extends Error {}

/** Everything that a small stack asks for, in its order; ends early when the broker dies. */
async function deploy(broker: Broker): Promise<Record<string, { id: string; outputs: object }>> {
  const account = await grant(broker, requests.account());
  const payment = await grant(broker, requests.payment(account.outputs.accountId));
  const { accountId } = account.outputs;
  return {
    account,
    payment,
    domain: await grant(broker, requests.domain(accountId, payment.id)),
    access: await grant(broker, requests.access(accountId)),
    service: await grant(broker, requests.service(accountId, payment.id)),
    secret: await grant(broker, requests.secret()),
  };
}

async function destroy(broker: Broker, granted: Awaited<ReturnType<typeof deploy>>): Promise<void> {
  const remove = (
    kind: "service-instance" | "access-token" | "payment-token" | "account",
    resource: string,
    id = "",
  ) => broker.handle({ verb: "delete", kind, identity: identity(resource), id });
  await remove("service-instance", "mail", granted.service?.id);
  await remove("access-token", "cloudflare.access-token", granted.access?.id);
  await remove("payment-token", "cloudflare.payment-token", granted.payment?.id);
  await remove("account", "cloudflare.account", granted.account?.id);
}

/** Names every step of a whole life in a bench of its own. */
async function listSteps(): Promise<readonly string[]> {
  const home = makeHome();
  const steps: string[] = [];
  const observe = async (step: Step) => void steps.push(describeStep(step));
  const broker = await createBenchAt(home).open({ observer: { observe } });
  await destroy(broker, await deploy(broker));
  await broker.close();
  rmSync(home, { recursive: true });
  return steps;
}

function crashAt(target: string): Pick<BrokerOptions, "observer"> {
  let isDead = false;
  return {
    observer: {
      async observe(step) {
        if (isDead || describeStep(step) === target) {
          isDead = true;
          throw new Crash();
        }
      },
    },
  };
}

async function expectAgreement({ world, home, open }: Bench): Promise<void> {
  const { caps, open: unfinished } = await (await open()).summary();
  const total = caps.find(({ cap }) => cap.startsWith("total/"));
  expect(unfinished).toEqual([]);
  expect(total).toMatchObject({ spent: "15.44 USD", held: "0.00 USD" });
  expect(world.paymentTokens.reduce((sum, { captured }) => sum + captured, 0n)).toBe(1044n);
  expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
}

describe("promise 3: one act, once: a death at any step", async () => {
  const steps = await listSteps();

  it("covers every named step of every act, before and after", ({ task }) => {
    for (const name of STEP_NAMES)
      for (const act of ["create account", "create payment-token", "present payment-token"])
        for (const point of ["before", "after"])
          expect(steps.some((step) => step.startsWith(`${point} ${name} of ${act}`))).toBe(true);
    expect(new Set(steps).size).toBe(steps.length);
    noteFigure(
      task,
      `${steps.length} of ${steps.length} boundaries of every act, one of everything`,
    );
  });

  it.each(steps.filter((step) => !step.includes(" of delete ")))(
    "%s: the next process makes exactly one of each",
    async (target) => {
      const bench = createBench();
      const dying = await bench.open(crashAt(target));
      await expect(deploy(dying)).rejects.toThrow(Crash);
      const next = await bench.open();
      const granted = await deploy(next);
      expect(await deploy(next)).toEqual(granted);
      const { world } = bench;
      expect(world.accounts).toHaveLength(1);
      expect(world.paymentTokens).toHaveLength(1);
      expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
      expect(world.domains).toHaveLength(1);
      expect(world.resources).toHaveLength(2);
      await expectAgreement(bench);
    },
  );

  it.each(steps.filter((step) => step.includes(" of delete ")))(
    "%s: the next process leaves nothing alive",
    async (target) => {
      const bench = createBench();
      const granted = await deploy(await bench.open());
      const dying = await bench.open(crashAt(target));
      await expect(destroy(dying, granted)).rejects.toThrow(Crash);
      const next = await bench.open();
      await destroy(next, granted);
      const { world } = bench;
      expect(world.accessTokens.every(({ gone }) => gone)).toBe(true);
      expect(world.paymentTokens.every(({ status }) => status === "revoked")).toBe(true);
      expect(world.resources.find(({ service }) => service === "r2:bucket")?.state).toBe("removed");
      const { leases } = await next.summary();
      expect(leases.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        "account kept",
        "domain live",
        "secret live",
      ]);
    },
  );
});

describe("promise 3: one act, once: two deaths of one act", () => {
  it("first after the call, then at any step of the recovery, still make one of each", async () => {
    for (const kind of ["account", "payment-token", "domain", "access-token", "service-instance"]) {
      for (const name of ["mark", "dispatch", "store", "settle"]) {
        const bench = createBench();
        const resource = {
          account: "cloudflare.account",
          "payment-token": "cloudflare.payment-token",
          domain: "address",
          "access-token": "cloudflare.access-token",
          "service-instance": "mail",
        }[kind];
        const first = await bench.open(crashAt(`after dispatch of create ${kind} ${resource}`));
        await expect(deploy(first)).rejects.toThrow(Crash);
        const second = await bench.open(crashAt(`before ${name} of create ${kind} ${resource}`));
        await deploy(second).catch(() => undefined);
        const third = await bench.open(crashAt(`after ${name} of create ${kind} ${resource}`));
        await deploy(third).catch(() => undefined);
        await deploy(await bench.open());
        const { world } = bench;
        expect(world.accounts).toHaveLength(1);
        expect(world.paymentTokens).toHaveLength(1);
        expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
        expect(world.domains).toHaveLength(1);
        await expectAgreement(bench);
      }
    }
  });
});

describe("promise 3: one act, once: a replaced writer", () => {
  it("is refused before anything is sent, and its money is given back", async () => {
    const { open, world } = createBench();
    const old = await open();
    const account = await grant(old, requests.account());
    const fresh = await open();
    const answer = await old.handle(requests.payment(account.outputs.accountId));
    expect(answer).toMatchObject({ ok: false, code: "stale_writer" });
    expect(world.paymentTokens).toHaveLength(0);
    await grant(fresh, requests.payment(account.outputs.accountId));
  });

  it("leaves the log's files alone, also when it closes", async () => {
    const { open, home } = createBench();
    const before = await open();
    await setUp(before);
    const after = await open();
    await grant(after, requests.secret());
    await before.close();
    expect(verifyLog(home)).toMatchObject({ ok: true });
    await (await open()).close();
    expect(verifyLog(home)).toMatchObject({ ok: true });
  });

  it("that had recorded but not yet sent sends nothing any more", async () => {
    const { open, world } = createBench();
    let pass: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const reached = Promise.withResolvers<void>();
    const slow = await open({
      observer: {
        async observe({ name, point, kind }) {
          if (kind === "domain" && name === "mark" && point === "before") {
            reached.resolve();
            await gate;
          }
        },
      },
    });
    const account = await grant(slow, requests.account());
    const payment = await grant(slow, requests.payment(account.outputs.accountId));
    const pending = slow.handle(requests.domain(account.outputs.accountId, payment.id));
    await reached.promise;
    const fresh = await open();
    pass();
    expect(await pending).toMatchObject({ ok: false, code: "stale_writer" });
    expect(world.domains).toHaveLength(0);
    const { caps } = await fresh.summary();
    expect(caps.every(({ held }) => held === "0.00 USD")).toBe(true);
  });
});
