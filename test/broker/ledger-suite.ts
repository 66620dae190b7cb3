import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { checkBooks } from "../../src/broker/ledger/check-books.ts";
import { RENEWS } from "../../src/broker/ledger/commitment-book.ts";
import type { Ledger } from "../../src/broker/ledger/ledger.ts";
import { openLedger } from "../../src/broker/ledger/open-ledger.ts";
import { type LedgerPlace, openPlace } from "../../src/broker/ledger/open-place.ts";
import {
  DEFAULT_ALERT_RULES,
  type LedgerAlertRules,
} from "../../src/broker/ledger/raise-alerts.ts";
import { readRawBooks } from "../../src/broker/ledger/read-raw-books.ts";
import {
  LedgerRolledBackError,
  LedgerStorageError,
  type LedgerStore,
  StaleWriterError,
} from "../../src/broker/ledger/store.ts";
import { monthOf } from "../../src/broker/ledger/windows.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";
import { LogAheadError } from "../../src/log/log-file.ts";
import { buy, close, cost, record, tell, usd, wish } from "./fakes/ledger-acts.ts";
import { LIMITS } from "./fakes/requests.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A store under test. */
export interface StoreUnderTest {
  readonly name: string;
  setUp(): Promise<void>;
  tearDown(): Promise<void>;
  /** A place where no ledger is yet. */
  place(home: string): LedgerPlace;
  /** Default {@link openPlace}. */
  open?(place: LedgerPlace, mode: "writer" | "reader"): Promise<LedgerStore>;
  /** Takes a copy of the store while nobody has it open, and puts it back. */
  backUp(place: LedgerPlace): Promise<{ restore(): Promise<void> }>;
}

/** What every store of the ledger must do. */
export function describeLedger(store: StoreUnderTest): void {
  const openStore = store.open ?? openPlace;
  describe(`the ledger in ${store.name}`, () => {
    beforeAll(() => store.setUp());
    afterAll(() => store.tearDown());

    /** A home with a clock that is moved by hand. */
    function bench(limits: Partial<Limits> = {}) {
      const home = mkdtempSync(join(tmpdir(), "sc-ledger-"));
      onTestFinished(() => rmSync(home, { recursive: true, force: true }));
      const place = store.place(home);
      const clock = { now: Date.parse("2026-11-10T12:00:00Z") };
      const open = async (
        overrides: Partial<Limits> & {
          readonly agent?: string;
          readonly alertRules?: LedgerAlertRules;
        } = {},
        wrap: (inner: LedgerStore) => LedgerStore = (inner) => inner,
      ): Promise<Ledger> => {
        const inner = await openStore(place, "writer");
        if (typeof inner === "string") throw new Error(inner);
        const { agent = "agent:build-bot", alertRules, ...narrower } = overrides;
        const ledger = openLedger(wrap(inner), {
          limits: { ...LIMITS, ...limits, ...narrower },
          logPath: join(home, "log", "events.jsonl"),
          seenPath: join(home, "seen", "mark.json"),
          mode: "writer",
          agent,
          alerts: alertRules,
          now: () => clock.now,
        });
        onTestFinished(() => ledger.close().catch(() => undefined));
        return ledger;
      };
      const findings = async () => {
        const raw = await openStore(place, "reader");
        if (typeof raw === "string") throw new Error(raw);
        const books = await readRawBooks(raw);
        await raw.close();
        return checkBooks(books);
      };
      return { home, place, clock, open, findings };
    }

    describe("holds", () => {
      it("stand on every account at once, and a denial leaves nothing but its log entry", async () => {
        const { open, findings } = bench({ categories: { storage: usd(1_000), mail: usd(400) } });
        const ledger = await open();
        const both = cost(500, { categories: ["storage", "mail"] });
        expect(await record(ledger, { resource: "a", spend: both })).toBe(
          "cap_exceeded category/mail/2026-11",
        );
        expect(await ledger.caps()).toEqual([]);
        expect(await ledger.openIntents()).toEqual([]);
        expect(await record(ledger, { resource: "b", spend: cost(300) })).toBe("recorded");
        expect((await ledger.caps()).map(({ cap, held }) => `${cap} ${held}`)).toEqual([
          "agent/agent:build-bot/2026-11 300",
          "category/storage/2026-11 300",
          "project/shop/2026-11 300",
          "provider/cloudflare/2026-11 300",
          "run/run-1 300",
          "stack/shop/prod/2026-11 300",
          "total/2026-11 300",
        ]);
        expect(await findings()).toEqual([]);
      });

      it("are captured in part or whole, never above, and given back once", async () => {
        const { open, findings } = bench();
        const ledger = await open();
        for (const [resource, captured] of [
          ["part", usd(120)],
          ["above", usd(900)],
          ["whole", "whole"],
          ["nothing", undefined],
        ] as const) {
          const request = wish({ resource, spend: cost(300) });
          await ledger.record(request);
          await ledger.markDispatched(request.key, undefined);
          await ledger.settle({
            key: request.key,
            state: "settled",
            capture: captured,
            events: [],
          });
          await expect(
            ledger.settle({ key: request.key, state: "settled", events: [] }),
          ).rejects.toThrow("not in the state");
        }
        const total = (await ledger.caps()).find(({ cap }) => cap === "total/2026-11");
        expect(total).toMatchObject({ held: 0n, spent: 720n });
        expect(await findings()).toEqual([]);
      });

      it("of acts that were never sent are given up by the next writer, the others stay", async () => {
        const { open, findings } = bench();
        const first = await open();
        await record(first, { resource: "unsent", spend: cost(300), count: "tokens" });
        const sent = wish({ resource: "sent", spend: cost(200), count: "tokens" });
        await first.record(sent);
        await first.markDispatched(sent.key, undefined);
        await first.close();
        const next = await open();
        expect(await next.abandonUnsent()).toBe(1);
        expect(await next.heldBy(sent.key)).toEqual(usd(200));
        expect(await next.counts()).toEqual({ domains: 0, accounts: 0, tokens: 1 });
        expect(await findings()).toEqual([]);
      });

      it("promise 1: no cap is ever exceeded: sixty-four ask at once, as many are granted as fit", async () => {
        const { open, findings } = bench({ total: usd(1_050) });
        const ledger = await open();
        const answers = await Promise.all(
          Array.from({ length: 64 }, (_, n) =>
            record(ledger, { resource: `r${n}`, spend: cost(100) }),
          ),
        );
        expect(answers.filter((answer) => answer === "recorded")).toHaveLength(10);
        expect(new Set(answers)).toEqual(new Set(["recorded", "cap_exceeded total/2026-11"]));
        expect(await findings()).toEqual([]);
      });
    });

    describe("caps", () => {
      const two = { spend: cost(600) };
      it.each([
        ["perProvider", "provider/cloudflare/2026-11", { provider: "neon" }],
        ["perProject", "project/shop/2026-11", { project: "blog" }],
        ["perStack", "stack/shop/prod/2026-11", { stack: "staging" }],
        ["perRun", "run/run-1", { run: "run-2" }],
      ] as const)("%s counts by itself", async (name, cap, elsewhere) => {
        const { open } = bench({ [name]: usd(1_000) });
        const ledger = await open();
        expect(await record(ledger, { resource: "a", ...two })).toBe("recorded");
        expect(await record(ledger, { resource: "b", ...two })).toBe(`cap_exceeded ${cap}`);
        expect(await record(ledger, { resource: "c", ...two, ...elsewhere })).toBe("recorded");
      });

      it("perAgent counts by itself, and an agent cannot use up another's share", async () => {
        const { open } = bench({ perAgent: usd(1_000) });
        const one = await open({ agent: "agent:one" });
        expect(await buy(one, { resource: "a", ...two })).toBe("recorded");
        expect(await record(one, { resource: "b", ...two })).toBe(
          "cap_exceeded agent/agent:one/2026-11",
        );
        await one.close();
        const other = await open({ agent: "agent:two" });
        expect(await record(other, { resource: "b", ...two })).toBe("recorded");
      });

      it("hold one purchase, a payment token and all of a service's categories", async () => {
        const { open } = bench({ perTransaction: usd(700), categories: { mail: usd(100) } });
        const ledger = await open();
        expect(await record(ledger, { resource: "a", spend: cost(701) })).toBe(
          "cap_exceeded transaction",
        );
        const token = { lease: "payment-token_1", cap: usd(500) };
        expect(await record(ledger, { resource: "b", spend: cost(501, { token }) })).toBe(
          "cap_exceeded token/payment-token_1",
        );
        const mail = cost(200, { categories: ["storage", "compute", "mail"] });
        expect(await record(ledger, { resource: "c", spend: mail })).toBe(
          "cap_exceeded category/mail/2026-11",
        );
      });

      it("made or lowered later find what was spent before", async () => {
        const { open } = bench();
        const first = await open();
        await buy(first, { resource: "a", ...two });
        await first.close();
        const next = await open({ perAgent: usd(1_000), total: usd(500) });
        expect(await record(next, { resource: "b", ...two })).toBe("cap_exceeded total/2026-11");
        await next.close();
        const last = await open({ perAgent: usd(1_000) });
        expect(await record(last, { resource: "b", ...two })).toBe(
          "cap_exceeded agent/agent:build-bot/2026-11",
        );
      });

      it("deny another currency, whatever the amount", async () => {
        const { open } = bench();
        const ledger = await open();
        const euro = { amount: { currency: "EUR", minor: 1n }, categories: [] };
        expect(await record(ledger, { resource: "a", spend: euro })).toBe(
          "currency_mismatch transaction",
        );
        await buy(ledger, { resource: "b", ...two });
        await ledger.close();
        const cap = { currency: "EUR", minor: 10_000n };
        const caps = { total: cap, perProvider: cap, perRun: cap, perTransaction: cap };
        const euros = await open({ ...caps, categories: {} });
        expect(await record(euros, { resource: "c", spend: euro })).toBe(
          "currency_mismatch provider/cloudflare/2026-11",
        );
      });
    });

    describe("windows", () => {
      it("of a calendar day end at midnight UTC", async () => {
        const { open, clock } = bench({
          windows: [{ scope: "total", amount: usd(1_000), window: "day" }],
        });
        const ledger = await open();
        clock.now = Date.parse("2026-11-10T23:59:59.999Z");
        expect(await buy(ledger, { resource: "a", spend: cost(900) })).toBe("recorded");
        expect(await buy(ledger, { resource: "b", spend: cost(200) })).toBe(
          "cap_exceeded total/2026-11-10",
        );
        clock.now += 1;
        expect(await buy(ledger, { resource: "b", spend: cost(200) })).toBe("recorded");
      });

      it("that roll give back what is older, and not a millisecond before", async () => {
        const { open, clock, findings } = bench({
          windows: [{ scope: "provider", only: "cloudflare", amount: usd(1_000), window: "24h" }],
        });
        let ledger = await open();
        expect(await buy(ledger, { resource: "a", spend: cost(600) })).toBe("recorded");
        clock.now += 12 * HOUR;
        expect(await buy(ledger, { resource: "b", spend: cost(400) })).toBe("recorded");
        clock.now += 12 * HOUR - 1;
        const more = { resource: "c", spend: cost(600) };
        expect(await buy(ledger, more)).toBe("cap_exceeded provider/cloudflare/last-24h");
        await ledger.close();
        ledger = await open();
        expect(await buy(ledger, more)).toBe("cap_exceeded provider/cloudflare/last-24h");
        clock.now += 1;
        expect(await buy(ledger, more)).toBe("recorded");
        expect(await buy(ledger, { ...more, resource: "d", provider: "neon" })).toBe("recorded");
        expect(await findings()).toEqual([]);
      });

      it("keep what is unknown, however long ago it was sent", async () => {
        const { open, clock } = bench({
          windows: [{ scope: "total", amount: usd(1_000), window: "1h" }],
        });
        const ledger = await open();
        const lost = wish({ resource: "a", spend: cost(900) });
        await ledger.record(lost);
        await ledger.markDispatched(lost.key, undefined);
        clock.now += 10 * DAY;
        const more = { resource: "b", spend: cost(200) };
        expect(await record(ledger, more)).toBe("cap_exceeded total/last-1h");
        await ledger.settle({ key: lost.key, state: "refused", events: [] });
        expect(await record(ledger, more)).toBe("recorded");
      });

      it.each(["settled", "refused"] as const)(
        "of what is sent again in another month stand under that month's caps, too, until it is %s",
        async (outcome) => {
          const { open, clock, findings } = bench({
            total: usd(1_000),
            windows: [{ scope: "project", amount: usd(2_000), window: "day" }],
          });
          const ledger = await open();
          const lost = wish({ resource: "a", spend: cost(300), count: "tokens" });
          await ledger.record(lost);
          await ledger.markDispatched(lost.key, undefined);
          const again = { ...lost.event, name: "act-resent" } as const;
          const held = async (from: Ledger) =>
            (await from.caps())
              .filter(({ cap }) => /^(total|project|run)/.test(cap))
              .map(({ cap, held, spent }) => `${cap} ${held} ${spent}`);
          const before = await held(ledger);
          expect(await ledger.holdAgain(lost.key, again)).toBeUndefined();
          expect(await held(ledger)).toEqual(before);

          clock.now += 40 * DAY;
          expect(tell(await ledger.markDispatched(lost.key, again))).toBe("recorded");
          await ledger.close();
          const next = await open();
          expect(tell(await next.markDispatched(lost.key, again))).toBe("recorded");
          expect(await next.capsOf(lost.key)).toContain("total/2026-12");
          const usage = (await next.usage()).find(({ cap }) => cap === "total/2026-12");
          expect(usage).toMatchObject({ held: 300n, unknown: 300n });
          expect(await record(next, { resource: "b", spend: cost(701) })).toBe(
            "cap_exceeded total/2026-12",
          );
          expect(await findings()).toEqual([]);

          clock.now += 31 * DAY;
          expect(await next.holdAgain(lost.key, again)).toBeUndefined();
          await next.settle({ key: lost.key, state: outcome, capture: usd(200), events: [] });
          const ended = outcome === "settled" ? "0 200" : "0 0";
          expect(await held(next)).toEqual([
            `project/shop/2026-11 ${ended}`,
            `project/shop/2026-11-10 ${ended}`,
            `project/shop/2026-12 ${ended}`,
            `project/shop/2026-12-20 ${ended}`,
            `project/shop/2027-01 ${ended}`,
            `project/shop/2027-01-20 ${ended}`,
            `run/run-1 ${ended}`,
            `total/2026-11 ${ended}`,
            `total/2026-12 ${ended}`,
            `total/2027-01 ${ended}`,
          ]);
          expect((await next.counts()).tokens).toBe(outcome === "settled" ? 1 : 0);
          expect(await findings()).toEqual([]);
        },
      );

      it("of what was sent in another month let nothing be sent again above this month's caps", async () => {
        const { open, clock, findings } = bench({ total: usd(1_000) });
        const ledger = await open();
        const lost = wish({ resource: "a", spend: cost(300) });
        await ledger.record(lost);
        await ledger.markDispatched(lost.key, undefined);
        clock.now += 40 * DAY;
        expect(await buy(ledger, { resource: "b", spend: cost(701) })).toBe("recorded");
        const again = { ...lost.event, name: "act-resent" } as const;
        expect(await ledger.holdAgain(lost.key, again)).toMatchObject({ cap: "total/2026-12" });
        expect(tell(await ledger.markDispatched(lost.key, again))).toBe(
          "cap_exceeded total/2026-12",
        );
        expect(await ledger.openIntents()).toMatchObject([
          { key: lost.key, state: "dispatched", waiting: "unknown", attempts: 1 },
        ]);
        expect(await ledger.heldBy(lost.key)).toEqual(usd(300));
        expect((await ledger.logEntries(0)).at(-1)).toContain("act-denied");
        expect(await findings()).toEqual([]);
      });

      it("are freed by no clock that runs backwards, after a restart neither", async () => {
        const { open, clock } = bench({
          total: usd(1_000),
          windows: [{ scope: "total", amount: usd(1_000), window: "24h" }],
        });
        const first = await open();
        expect(await buy(first, { resource: "a", spend: cost(900) })).toBe("recorded");
        clock.now -= 40 * DAY;
        const more = { resource: "b", spend: cost(200) };
        expect(await record(first, more)).toBe("cap_exceeded total/2026-11");
        await first.close();
        const next = await open();
        expect(monthOf(await next.now())).toBe("2026-11");
        expect(await record(next, more)).toBe("cap_exceeded total/2026-11");
      });

      it("bound how many acts there are, whatever comes of them", async () => {
        const { open, clock, findings } = bench({
          velocity: [
            { scope: "total", acts: 3, window: "1m" },
            { scope: "provider", acts: 4, window: "1h" },
          ],
        });
        const ledger = await open();
        const refused = wish({ resource: "r", spend: cost(1) });
        await ledger.record(refused);
        await ledger.settle({ key: refused.key, state: "refused", events: [] });
        await buy(ledger, { resource: "a", spend: cost(1) });
        await buy(ledger, { resource: "t", kind: "access-token", count: "tokens" });
        const more = { resource: "b", spend: cost(1) };
        expect(await record(ledger, more)).toBe("velocity_exceeded acts/total/last-1m");
        // What neither buys nor opens anything is not slowed down.
        expect(await record(ledger, { resource: "t", verb: "renew" })).toBe("recorded");
        clock.now += 60_000;
        expect(await record(ledger, more)).toBe("recorded");
        const fifth = { resource: "c", spend: cost(1) };
        expect(await record(ledger, fifth)).toBe(
          "velocity_exceeded acts/provider/cloudflare/last-1h",
        );
        expect(await record(ledger, { ...fifth, provider: "neon" })).toBe("recorded");
        expect(await findings()).toEqual([]);
      });
    });

    describe("counts", () => {
      it("promise 6: max N domains: what is closed is given back once, what fails never counted", async () => {
        const { open, findings } = bench();
        const ledger = await open();
        const domain = (resource: string) =>
          ({ resource, kind: "domain", count: "domains" }) as const;
        expect(await buy(ledger, domain("a"))).toBe("recorded");
        expect(await record(ledger, domain("b"))).toBe("recorded");
        expect(await record(ledger, domain("c"))).toBe("count_exceeded");
        await ledger.settle({ key: wish(domain("b")).key, state: "refused", events: [] });
        expect(await buy(ledger, domain("c"))).toBe("recorded");
        await close(ledger, domain("a"));
        await close(ledger, domain("a"));
        expect((await ledger.counts()).domains).toBe(1);
        expect(await findings()).toEqual([]);
      });
    });

    describe("alerts", () => {
      const limits = { categories: { storage: usd(1_000) } };
      const blockingOf = async (ledger: Ledger) =>
        (await ledger.outbox.blocking(["category/storage/2026-11"])).map(({ alert }) => alert.id);

      it("promise 7: stand in the append of the hold, and a failed append leaves neither", async () => {
        const { open, findings } = bench(limits);
        let isBroken = false;
        const ledger = await open({}, (inner) => ({
          ...inner,
          commit: async (...args) => {
            if (isBroken) throw new LedgerStorageError("the disk is full");
            await inner.commit(...args);
          },
        }));
        isBroken = true;
        await expect(ledger.record(wish({ resource: "a", spend: cost(950) }))).rejects.toThrow(
          LedgerStorageError,
        );
        isBroken = false;
        expect(await ledger.alerts()).toEqual([]);
        expect(await record(ledger, { resource: "a", spend: cost(950) })).toBe("recorded");
        const raised = (await ledger.alerts()).map(({ alert }) => alert);
        expect(raised.filter(({ kind }) => kind === "threshold")).toMatchObject([
          { threshold: 50, blocks: false },
          { threshold: 80, blocks: false },
          { threshold: 90, blocks: true, committed: "9.50 USD", subject: { resource: "a" } },
        ]);
        expect(raised.map(({ kind }) => kind)).toContain("first-spend");
        const key = wish({ resource: "a" }).key;
        expect(await ledger.capsOf(key)).toContain("category/storage/2026-11");
        expect(await findings()).toEqual([]);
      });

      it("promise 7: wait over a restart until a sink that counts has accepted them, and are raised once", async () => {
        const { open, clock } = bench(limits);
        const first = await open();
        await record(first, { resource: "a", spend: cost(950) });
        const [id = "", ...others] = await blockingOf(first);
        expect(others).toEqual([]);
        await first.close();
        const next = await open();
        await next.abandonUnsent();
        expect(await blockingOf(next)).toEqual([id]);
        await record(next, { resource: "b", spend: cost(940) });
        expect(await blockingOf(next)).toEqual([id]);
        const answer = { kind: "refused", code: "unreachable" } as const;
        await next.outbox.markAttempt({ id, sink: "x", answer, at: clock.now, nextAt: clock.now });
        await next.outbox.markAccepted(id, "log", { at: clock.now, counts: false });
        await next.outbox.finish(id, clock.now);
        await next.close();
        const third = await open();
        const entry = (await third.outbox.pending()).find(({ alert }) => alert.id === id);
        expect(entry).toMatchObject({
          told: false,
          deliveries: { x: { attempts: 1, accepted: false }, log: { accepted: true } },
        });
        await third.outbox.markAccepted(id, "x", { at: clock.now, counts: true });
        await third.outbox.finish(id, clock.now);
        expect(await blockingOf(third)).toEqual([]);
        await third.close();
        const last = await open();
        expect((await last.outbox.pending()).map(({ alert }) => alert.id)).not.toContain(id);
        await record(last, { resource: "c", spend: cost(10) });
        expect(await blockingOf(last)).toEqual([]);
      });

      it("promise 7: stand in the way from when the guardrails say so, if nobody has heard them", async () => {
        const { open } = bench(limits);
        const first = await open();
        await record(first, { resource: "a", spend: cost(820) });
        expect(await blockingOf(first)).toEqual([]);
        await first.close();
        const stricter = await open({ alertRules: { ...DEFAULT_ALERT_RULES, blockFrom: 80 } });
        await record(stricter, { resource: "b", spend: cost(10) });
        expect(await blockingOf(stricter)).toHaveLength(1);
      });

      it("of a writer that was fenced off are neither raised nor marked", async () => {
        const { open, clock } = bench(limits);
        const old = await open();
        await record(old, { resource: "a", spend: cost(950) });
        const [id = ""] = await blockingOf(old);
        const next = await open();
        await expect(
          old.outbox.markAccepted(id, "log", { at: clock.now, counts: true }),
        ).rejects.toThrow(StaleWriterError);
        expect(await blockingOf(next)).toEqual([id]);
      });

      it("tell a rolling cap once in each stretch of its length", async () => {
        const { open, clock } = bench({
          windows: [{ scope: "total", amount: usd(1_000), window: "24h" }],
        });
        const ledger = await open();
        const raised = async () =>
          (await ledger.alerts()).filter(
            ({ alert }) => alert.kind === "threshold" && alert.cap === "total/last-24h",
          ).length;
        await buy(ledger, { resource: "a", spend: cost(500) });
        await buy(ledger, { resource: "b", spend: cost(1) });
        expect(await raised()).toBe(1);
        clock.now += 2 * DAY;
        await buy(ledger, { resource: "c", spend: cost(500) });
        expect(await raised()).toBe(2);
      });

      it("tell of a pace that ends above a cap", async () => {
        const { open } = bench({ categories: { storage: usd(1_000) } });
        const ledger = await open();
        await record(ledger, { resource: "a", spend: cost(330) });
        const forecasts = async () =>
          (await ledger.alerts()).flatMap(({ alert }) =>
            alert.kind === "forecast" && alert.cap.startsWith("category/") ? [alert.expected] : [],
          );
        expect(await forecasts()).toEqual(["10.43 USD"]);
      });

      it("tell what is held by acts without an answer, and what is due again", async () => {
        const { open } = bench();
        const ledger = await open();
        const again = { amount: usd(300), interval: "month" } as const;
        const sent = wish({ resource: "a", spend: cost(300, { again }) });
        await ledger.record(sent);
        await ledger.markDispatched(sent.key, undefined);
        await record(ledger, { resource: "b", spend: cost(200) });
        const usage = (await ledger.usage()).find(({ cap }) => cap === "total/2026-11");
        expect(usage).toMatchObject({
          held: 500n,
          unknown: 300n,
          spent: 0n,
          committed: 12n * 300n,
        });
      });
    });

    describe("commitments", () => {
      const monthly = cost(600, { again: { amount: usd(600), interval: "month" } });
      const inMonth = async (ledger: Ledger, month: string) =>
        (await ledger.caps()).find(({ cap }) => cap === `total/${month}`);

      it("begin each later month held, and are spent when it is over, until their lease ends", async () => {
        const { open, clock, findings } = bench({ total: usd(1_000) });
        let ledger = await open();
        expect(await buy(ledger, { resource: "a", spend: monthly })).toBe("recorded");
        clock.now = Date.parse("2026-12-01T00:00:00Z");
        expect(await inMonth(ledger, "2026-12")).toMatchObject({ held: 600n, spent: 0n });
        expect(await record(ledger, { resource: "b", spend: cost(500) })).toBe(
          "cap_exceeded total/2026-12",
        );
        await ledger.close();
        clock.now = Date.parse("2027-02-10T00:00:00Z");
        ledger = await open();
        expect(await inMonth(ledger, "2026-12")).toMatchObject({ held: 0n, spent: 600n });
        expect(await inMonth(ledger, "2027-01")).toMatchObject({ held: 0n, spent: 600n });
        expect(await inMonth(ledger, "2027-02")).toMatchObject({ held: 600n, spent: 0n });
        await close(ledger, { resource: "a" });
        expect(await inMonth(ledger, "2027-02")).toMatchObject({ held: 0n, spent: 600n });
        clock.now = Date.parse("2027-03-01T00:00:00Z");
        expect(await inMonth(ledger, "2027-03")).toBeUndefined();
        expect(await findings()).toEqual([]);
      });

      it("of days and weeks are the most that a month holds of them", async () => {
        const { open, clock } = bench();
        const ledger = await open();
        const daily = cost(310, { again: { amount: usd(10), interval: "day" } });
        const weekly = cost(500, { again: { amount: usd(100), interval: "week" } });
        await buy(ledger, { resource: "a", spend: daily });
        await buy(ledger, { resource: "b", spend: weekly });
        clock.now += 30 * DAY;
        expect(await inMonth(ledger, "2026-12")).toMatchObject({ held: 810n });
        const { held, spent } = (await ledger.caps()).find(({ cap }) => cap === "commitments") ?? {
          held: 0n,
          spent: 0n,
        };
        expect(held + spent).toBe(3_660n + 5_300n);
      });

      it("must fit into every month to come, with all others", async () => {
        const { open, clock } = bench({ total: usd(1_000) });
        const ledger = await open();
        const yearly = cost(700, { again: { amount: usd(700), interval: "year" } });
        expect(await buy(ledger, { resource: "a", spend: yearly })).toBe("recorded");
        clock.now = Date.parse("2026-12-10T00:00:00Z");
        expect(await buy(ledger, { resource: "b", spend: monthly })).toBe(
          "cap_exceeded total/2027-11",
        );
        expect(await buy(ledger, { resource: "c", spend: cost(600) })).toBe("recorded");
      });

      it("promise 6: max N domains: a domain is also its renewal, even if it does not renew by itself", async () => {
        const { open, clock } = bench({ commitments: usd(1_500), total: usd(2_000) });
        const ledger = await open();
        const domain = (resource: string, automatic: boolean) => ({
          resource,
          kind: "domain" as const,
          count: "domains" as const,
          spend: cost(1_000, {
            categories: ["domains"],
            again: { amount: usd(1_000), interval: "year", firstAfter: 12, automatic } as const,
          }),
        });
        expect(await buy(ledger, domain("a", false))).toBe("recorded");
        clock.now += 31 * DAY;
        expect(await record(ledger, domain("b", true))).toBe("cap_exceeded commitments");
        clock.now = Date.parse("2027-11-10T12:00:00Z");
        expect(await inMonth(ledger, "2027-11")).toBeUndefined();
        const { key } = wish(domain("a", false));
        await ledger.change({ renewal: { intent: key, automatic: true }, events: [] });
        clock.now = Date.parse("2028-11-10T12:00:00Z");
        expect(await inMonth(ledger, "2028-11")).toMatchObject({ held: 1_000n });
        const next = (await ledger.forecast()).filter(({ cap }) => cap.startsWith("total/"));
        expect(next).toEqual([{ cap: "total/2029-11", currency: "USD", minor: 1_000n }]);
      });

      it.each([
        ["looser", 1_000, 2_000],
        ["tighter", 2_000, 1_000],
      ])(
        "must fit under a cap of the window `month` that is %s than the monthly one",
        async (_, total, amount) => {
          const windows = [{ scope: "total", amount: usd(amount), window: "month" }] as const;
          const { open, clock } = bench({ total: usd(total), windows });
          const ledger = await open();
          const yearly = cost(700, { again: { amount: usd(700), interval: "year" } });
          expect(await buy(ledger, { resource: "a", spend: yearly })).toBe("recorded");
          clock.now = Date.parse("2026-12-10T00:00:00Z");
          expect(await buy(ledger, { resource: "b", spend: monthly })).toBe(
            "cap_exceeded total/2027-11",
          );
        },
      );

      it("must fit under a cap of the window `month` for one name alone, and for no other", async () => {
        const only = {
          scope: "stack",
          only: "shop/prod",
          amount: usd(599),
          window: "month",
        } as const;
        const { open } = bench({ windows: [only] });
        const ledger = await open();
        const later = cost(1, { again: { amount: usd(600), interval: "month" } });
        expect(await record(ledger, { resource: "a", spend: later })).toBe(
          "cap_exceeded stack/shop/prod/2026-12",
        );
        expect(await record(ledger, { resource: "a", stack: "test", spend: later })).toBe(
          "recorded",
        );
      });

      it("count under no cap of days or of a rolling window", async () => {
        const windows = ["day", "30d"].map(
          (window) => ({ scope: "total", amount: usd(599), window }) as const,
        );
        const { open } = bench({ windows });
        const ledger = await open();
        const later = cost(1, { again: { amount: usd(600), interval: "month" } });
        expect(await record(ledger, { resource: "a", spend: later })).toBe("recorded");
      });

      describe("of a domain that is to renew by itself only now", () => {
        const START = "2026-11-10T12:00:00Z";
        const again = { amount: usd(700), interval: "year", firstAfter: 12 } as const;
        const domain = {
          resource: "a",
          kind: "domain",
          spend: cost(700, { categories: ["domains"], again: { ...again, automatic: false } }),
        } as const;
        const turnOn = (generation = 1) => {
          const request = wish({ resource: "a", kind: "domain", verb: "update", generation });
          return { ...request, parameters: { [RENEWS]: wish(domain).key } };
        };
        const turnOff = async (ledger: Ledger) =>
          ledger.change({ renewal: { intent: wish(domain).key, automatic: false }, events: [] });

        it("must fit into every month to come, like those that did at once", async () => {
          const { open, clock, findings } = bench({ total: usd(1_000) });
          const ledger = await open();
          await buy(ledger, domain);
          clock.now = Date.parse("2026-12-10T12:00:00Z");
          await buy(ledger, { resource: "b", spend: monthly });
          expect(tell(await ledger.record(turnOn()))).toBe("cap_exceeded total/2027-11");
          await close(ledger, { resource: "b" });
          expect(tell(await ledger.record(turnOn()))).toBe("recorded");
          expect(await findings()).toEqual([]);
        });

        it("must fit under its categories' caps, too", async () => {
          const { open } = bench();
          await buy(await open(), domain);
          const narrower = await open({ categories: { domains: usd(699) } });
          expect(tell(await narrower.record(turnOn()))).toBe(
            "cap_exceeded category/domains/2027-11",
          );
        });

        it("counts from the record on, before any answer, and no more when nothing came of it", async () => {
          const { open, clock } = bench({ total: usd(1_000) });
          const ledger = await open();
          await buy(ledger, domain);
          clock.now = Date.parse("2026-12-10T12:00:00Z");
          const { key } = turnOn();
          await ledger.record(turnOn());
          await ledger.markDispatched(key, undefined);
          expect(await record(ledger, { resource: "b", spend: monthly })).toBe(
            "cap_exceeded total/2027-11",
          );
          await ledger.settle({ key, state: "refused", events: [] });
          expect(await record(ledger, { resource: "b", spend: monthly })).toBe("recorded");
        });

        it("counts in the month in which it is due, although that month began without it", async () => {
          const { open, clock, findings } = bench({ total: usd(1_000) });
          let ledger = await open();
          await buy(ledger, domain);
          clock.now = Date.parse(START.replace("2026", "2027"));
          await buy(ledger, { resource: "c", spend: cost(400) });
          expect(tell(await ledger.record(turnOn()))).toBe("cap_exceeded total/2027-11");
          await ledger.close();
          ledger = await open({ total: usd(1_100) });
          const { key } = turnOn();
          expect(tell(await ledger.record(turnOn()))).toBe("recorded");
          expect(await inMonth(ledger, "2027-11")).toMatchObject({ held: 700n, spent: 400n });
          await ledger.settle({ key, state: "settled", capture: "whole", events: [] });
          expect(await inMonth(ledger, "2027-11")).toMatchObject({ held: 0n, spent: 1_100n });
          await turnOff(ledger);
          expect(await ledger.forecast()).toEqual([]);
          expect(await findings()).toEqual([]);
        });
      });

      it("of an act that nothing came of are forgotten; of an unknown one they stay", async () => {
        const { open, clock, findings } = bench({ total: usd(1_000) });
        const ledger = await open();
        const lost = wish({ resource: "a", spend: monthly });
        await ledger.record(lost);
        await ledger.markDispatched(lost.key, undefined);
        clock.now = Date.parse("2027-01-10T00:00:00Z");
        expect(await inMonth(ledger, "2027-01")).toMatchObject({ held: 600n });
        await ledger.settle({ key: lost.key, state: "refused", events: [] });
        expect(await inMonth(ledger, "2027-01")).toMatchObject({ held: 0n, spent: 0n });
        expect(await inMonth(ledger, "2026-11")).toMatchObject({ held: 0n, spent: 0n });
        expect(await ledger.forecast()).toEqual([]);
        expect(await findings()).toEqual([]);
      });
    });

    describe("freezes", () => {
      it("let no hold exist after them, and no recorded act be sent", async () => {
        const { open } = bench();
        const ledger = await open();
        const before = wish({ resource: "a", spend: cost(1) });
        await ledger.record(before);
        await ledger.freeze("cloudflare", "drill", { name: "frozen", actor: { run: "r" } });
        expect(await record(ledger, { resource: "b", spend: cost(1) })).toBe("frozen");
        expect(tell(await ledger.markDispatched(before.key, undefined))).toBe("frozen");
        const away = { resource: "c", verb: "delete", stoppable: false } as const;
        expect(await record(ledger, away)).toBe("recorded");
        await ledger.close();
        const next = await open();
        expect(await record(next, { resource: "b", spend: cost(1) })).toBe("frozen");
        await next.unfreeze("cloudflare", "drill", { name: "unfrozen", actor: { run: "r" } });
        expect(await record(next, { resource: "b", spend: cost(1) })).toBe("recorded");
      });
    });

    describe("one writer", () => {
      it("is the newest opener; an older one can record, mark and settle nothing any more", async () => {
        const { open, findings } = bench();
        const old = await open();
        const request = wish({ resource: "a", spend: cost(300) });
        await old.record(request);
        const fresh = await open();
        const late = wish({ resource: "b", spend: cost(300) });
        await expect(old.record(late)).rejects.toThrow(StaleWriterError);
        await expect(old.markDispatched(request.key, undefined)).rejects.toThrow(StaleWriterError);
        await expect(
          old.settle({ key: request.key, state: "settled", events: [] }),
        ).rejects.toThrow(StaleWriterError);
        expect([await old.isCurrent(), await fresh.isCurrent()]).toEqual([false, true]);
        expect(await fresh.abandonUnsent()).toBe(1);
        expect(await record(fresh, { resource: "c", spend: cost(300) })).toBe("recorded");
        expect(await findings()).toEqual([]);
      });

      it("finds what it wrote again, whole", async () => {
        const { open } = bench();
        const first = await open();
        const bought = wish({ resource: "a", spend: cost(300), count: "tokens" });
        await buy(first, { resource: "a", spend: cost(300), count: "tokens" });
        await first.change({
          lease: { ...(await first.lease(bought.lease)), notes: { x: "ü\"'\\" } } as never,
          secrets: { token: "sealed \u2028 text" },
          revoke: { lease: bought.lease, kind: "access-token", sealed: "s" },
          events: [],
        });
        await record(first, { resource: "b", spend: cost(200) });
        const seen = async (ledger: Ledger) => ({
          caps: await ledger.caps(),
          counts: await ledger.counts(),
          leases: await ledger.openLeases(),
          secrets: await ledger.secrets(bought.lease),
          open: await ledger.openIntents(),
          revocations: await ledger.revocations(),
          latest: await ledger.latestIntent(bought.identity, bought.kind, bought.verb),
        });
        const before = await seen(first);
        await first.close();
        const next = await open();
        expect(await seen(next)).toEqual(before);
        expect(before.secrets).toEqual({ token: "sealed \u2028 text" });
      });
    });

    describe("a storage that fails", () => {
      /** Fails the commits that are asked for, before or after they are written. */
      const faulty = (fails: ("before" | "after" | undefined)[]) => (inner: LedgerStore) => ({
        ...inner,
        async commit(...args: Parameters<LedgerStore["commit"]>) {
          const when = fails.shift();
          if (when === "before") throw new LedgerStorageError("unplugged");
          await inner.commit(...args);
          if (when === "after") throw new LedgerStorageError("unplugged");
        },
      });

      it("before a commit changes nothing; after it, the ledger knows what was written", async () => {
        const { open, findings } = bench();
        const ledger = await open({}, faulty([undefined, "before", "after"]));
        await record(ledger, { resource: "a", spend: cost(300) });
        const lost = wish({ resource: "b", spend: cost(300) });
        await expect(ledger.record(lost)).rejects.toThrow(LedgerStorageError);
        expect(await ledger.latestIntent(lost.identity, lost.kind, lost.verb)).toBeUndefined();
        await expect(ledger.record(lost)).rejects.toThrow(LedgerStorageError);
        expect(await ledger.latestIntent(lost.identity, lost.kind, lost.verb)).toMatchObject({
          state: "recorded",
        });
        expect((await ledger.caps()).find(({ cap }) => cap === "total/2026-11")?.held).toBe(600n);
        expect(await findings()).toEqual([]);
      });

      it("fails all who shared the commit, and none of those who come after", async () => {
        const { open, findings } = bench();
        const ledger = await open({}, faulty(["before"]));
        const ask = (n: number) => record(ledger, { resource: `r${n}`, spend: cost(100) });
        const answers = await Promise.allSettled([1, 2, 3].map(ask));
        expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
        expect(await Promise.all([1, 2, 3].map(ask))).toEqual(["recorded", "recorded", "recorded"]);
        expect(await findings()).toEqual([]);
      });
    });

    describe("a store that was put back", () => {
      it("is noticed by the log's file, and without it by the mark outside", async () => {
        const { open, home, place } = bench();
        const first = await open();
        await buy(first, { resource: "a", spend: cost(300) });
        await first.exportLog();
        await first.close();
        const backup = await store.backUp(place);
        const second = await open();
        await buy(second, { resource: "b", spend: cost(300) });
        await second.exportLog();
        await second.close();
        await backup.restore();
        const rolledBack = await open();
        await expect(rolledBack.exportLog()).rejects.toThrow(LogAheadError);
        await rolledBack.close();
        rmSync(join(home, "log"), { recursive: true });
        const withoutLog = await open();
        await expect(withoutLog.exportLog()).rejects.toThrow(LedgerRolledBackError);
      });

      it("is noticed even when it went on to be as long as before", async () => {
        const { open, home, place } = bench();
        const first = await open();
        await buy(first, { resource: "a", spend: cost(300) });
        await first.exportLog();
        await first.close();
        const backup = await store.backUp(place);
        const second = await open();
        await buy(second, { resource: "b", spend: cost(300) });
        await second.exportLog();
        await second.close();
        await backup.restore();
        rmSync(join(home, "log"), { recursive: true });
        const other = await open();
        for (const resource of ["x", "y", "z"]) await buy(other, { resource, spend: cost(300) });
        await expect(other.exportLog()).rejects.toThrow(LedgerRolledBackError);
      });

      it("is noticed by the writer that has it open", async () => {
        const { open } = bench();
        let isBehind = false;
        const ledger = await open({}, (inner) => ({
          ...inner,
          commit: (serial, time, changes) =>
            inner.commit(isBehind ? serial + 1 : serial, time, changes),
        }));
        await record(ledger, { resource: "a", spend: cost(300) });
        isBehind = true;
        await expect(record(ledger, { resource: "b", spend: cost(300) })).rejects.toThrow(
          LedgerRolledBackError,
        );
      });
    });
  });
}
