import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BudgetResult } from "../../src/index.ts";
import { createBenchAt, dollars, grant, LIMITS, requests, setUp } from "../broker/fakes/bench.ts";
import { runCli } from "../support/run-cli.ts";
import { readEnvelope } from "./envelope-schema.ts";
import { FIXTURES } from "./transcript.ts";

let folder: string;
let month: string;
/** A project whose manifest is broken; 10.44 USD of 11.60 USD are spent on a domain, 5.00 USD are held for a bucket without an answer, and no sink hears. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "supercargo-budget-"));
  writeFileSync(join(folder, "supercargo.yaml"), "supercargo: [");
  writeFileSync(
    join(folder, "guardrails.yaml"),
    "apiVersion: supercargo/v1\ncaps:\n  categories:\n    domains: 11.60 USD\n    storage: 100.00 USD\n",
  );
  const bench = createBenchAt(join(folder, ".supercargo"));
  bench.clock.advance(Date.now() - bench.clock.now());
  month = new Date(bench.clock.now()).toISOString().slice(0, 7);
  const limits = { ...LIMITS, categories: { domains: dollars(1_160) } };
  const broker = await bench.open({ limits, agent: "agent:build-bot" });
  const { account, payment } = await setUp(broker);
  await grant(broker, requests.domain(account, payment));
  bench.world.fates.set("createResource", ["dropped", "unreachable"]);
  await broker.handle(requests.service(account, payment));
  await broker.close();
  const deaf = await bench.open({ limits: { ...limits, total: dollars(1_600) }, sinks: [] });
  await deaf.handle(requests.domain(account, payment, { domain: "b.com" }, "b"));
  for (let n = 0; n < 5; n++)
    await deaf.handle(requests.domain(account, payment, { domain: "c.com" }, `c${n}`));
  await deaf.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const budget = (args: readonly string[] = [], cwd = folder) => runCli(["budget", ...args], { cwd });

describe("supercargo budget", () => {
  test("shows every cap as table and bars, with the alerts and what to do", async () => {
    const { stdout, stderr, code } = await budget();
    expect(stderr).toContain("are held under provider/cloudflare");
    expect(code).toBe(0);
    const rows = stdout.split("\n").map((line) => line.replaceAll(month, "MONTH"));
    expect(rows[0]?.split(/ {2,}/)).toEqual([
      "cap",
      "limit",
      "spent",
      "held",
      "unknown",
      "left",
      "forecast",
      "committed",
    ]);
    const row = (name: string) => rows.find((line) => line.startsWith(name))?.split(/ {2,}/);
    expect(row("provider/cloudflare/MONTH")?.slice(1, 6)).toEqual([
      "100.00 USD",
      "10.44 USD",
      "0.00 USD",
      "5.00 USD",
      "84.56 USD",
    ]);
    expect(row("agent/agent:build-bot/MONTH")?.slice(1, 5)).toEqual([
      "-",
      "10.44 USD",
      "0.00 USD",
      "5.00 USD",
    ]);
    const bars = rows.filter((line) => /[#=?.]{30} \d+ %$/.test(line));
    expect(bars.find((line) => line.startsWith("category/domains/"))).toMatch(/#{27}\.{3} 90 %$/);
    expect(bars.find((line) => line.startsWith("provider/"))).toMatch(/#{3}\?\.{26} 15 %$/);
    expect(stdout).toContain("domains 1 of 2, accounts 1 of 5, tokens 1 of 20");
    expect(
      rows.some((line) => /90 % of the cap category\/domains\/MONTH is reached: told/.test(line)),
    ).toBe(true);
    expect(rows.some((line) => /acts denied within 10 minutes: waits/.test(line))).toBe(true);
    expect(stderr).toContain("npx supercargo alerts --test");
    expect(stderr).toContain("npx supercargo up");
  });

  test("says the same as JSON, and changes nothing", async () => {
    const path = join(folder, ".supercargo", "ledger.sqlite");
    const before = readFileSync(path);
    const { stdout, code } = await budget(["--json"]);
    expect(code).toBe(0);
    const envelope = readEnvelope(stdout);
    const data = (envelope.ok ? envelope.data : {}) as unknown as BudgetResult;
    expect(data.lines.find(({ cap }) => cap === `category/domains/${month}`)).toMatchObject({
      limit: "11.60 USD",
      spent: "10.44 USD",
      unknown: "0.00 USD",
      left: "1.16 USD",
      share: { spent: 90, held: 0, unknown: 0, used: 90 },
    });
    expect(data.alerts.filter(({ told }) => told === undefined)).not.toEqual([]);
    expect(data).toMatchObject({ month, stack: "local", blockFrom: 90, frozen: [] });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("shows the caps as a manifest narrows them", async () => {
    const path = join(folder, "supercargo.yaml");
    const broken = readFileSync(path);
    const good = readFileSync(join(FIXTURES, "good", "supercargo.yaml"), "utf8");
    writeFileSync(path, `${good}budget: { monthly: 20.00 USD }\n`);
    const { stdout } = await budget(["--json"]);
    writeFileSync(path, broken);
    const envelope = readEnvelope(stdout);
    const data = (envelope.ok ? envelope.data : {}) as unknown as BudgetResult;
    for (const account of ["total", "provider/cloudflare"])
      expect(data.lines.find(({ cap }) => cap === `${account}/${month}`)).toMatchObject({
        limit: "20.00 USD",
      });
  });

  test("of a stack without books says that nothing was spent, and what to do", async () => {
    const { stdout, stderr, code } = await budget(["--stack", "prod"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^nothing was spent on prod in \d{4}-\d{2}\n$/);
    expect(stderr).toContain("npx supercargo up --stack prod");
  });
});
