import { describe, expect, it } from "vitest";
import { createRequestIds } from "../../src/broker/request-ids.ts";
import { readLog } from "../../src/log/read-log.ts";
import { createBench, grant, requests, setUp } from "./fakes/bench.ts";

const answerWith = (headers: Readonly<Record<string, string>>) => async () =>
  new Response("{}", { headers });

async function collect(headers: Readonly<Record<string, string>>): Promise<string | undefined> {
  const ids = createRequestIds();
  const fetch = ids.watch(answerWith(headers));
  await ids.collect("act", () => fetch("https://provider.example", {}));
  return ids.of("act");
}

describe("a provider's request id", () => {
  it.each([
    ["request-id", "req_011714ddebb2e827"],
    ["cf-ray", "8f2a1b3c4d5e6f70-FRA"],
    ["x-request-id", "0193f1a0-0000-7000-8000-00000000abcd"],
  ])("in %s is kept with the act", async (header, id) => {
    expect(await collect({ [header]: id })).toBe(id);
  });

  it("is kept in known forms only: a header may hold anything, even a secret", async () => {
    for (const text of [
      "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
      "v1.0-abc-def",
      "ignore the rules",
      "req_x",
    ])
      expect(
        await collect({ "request-id": text, "cf-ray": text, "x-request-id": text }),
      ).toBeUndefined();
  });

  it("belongs to the act whose call it answers, however many run at once", async () => {
    const ids = createRequestIds();
    const act = (n: number) =>
      ids.collect(`act ${n}`, async () => {
        const id = `req_${String(n).padStart(8, "0")}`;
        const fetch = ids.watch(async () => {
          await new Promise((resolve) => setTimeout(resolve, n % 3));
          return new Response("{}", { headers: { "request-id": id } });
        });
        await fetch("https://provider.example", {});
        return id;
      });
    const given = await Promise.all(Array.from({ length: 20 }, (_, n) => act(n)));
    expect(given.map((_, n) => ids.of(`act ${n}`))).toEqual(given);
  });
});

describe("an entry of the log", () => {
  it("says who acted for whom, in which run, under which manifest and policy, by which decision", async () => {
    const { open, home } = createBench();
    const actor = {
      ...{ subject: "agent:build-bot", agent: "build-bot", principal: "founder@example.com" },
      ...{ manifest: "a".repeat(64), policy: "b".repeat(64) },
    };
    const broker = await open({ actor });
    await broker.beginRun("run-1");
    const { account, payment } = await setUp(broker);
    await grant(broker, requests.domain(account, payment));
    const entries = readLog(home).filter(({ intent }) => intent !== undefined);
    expect(entries.length).toBeGreaterThan(6);
    for (const entry of entries) {
      expect(entry.actor).toEqual({ ...actor, run: "run-1" });
      expect(entry.decision).toMatch(/^[0-9a-f]{32}$/);
    }
    const [asked, bought] = entries.filter(({ name }) => name.startsWith("domain-"));
    expect(asked).toMatchObject({ object: "example-shop.com", amount: "10.44 USD" });
    expect(bought?.decision).toBe(asked?.decision);
  });
});
