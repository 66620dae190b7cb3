import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findAlerts } from "../../src/alerts/find-alerts.ts";
import { findDenialBurst, findUnknownOutcomes } from "../../src/alerts/find-incidents.ts";
import { capUse, NOW, RULES, reservation, SUBJECT } from "./arbitraries.ts";

const thresholdsOf = (alerts: ReturnType<typeof findAlerts>) =>
  alerts.flatMap((alert) => (alert.kind === "threshold" ? [alert.threshold] : []));
const at = (committed: bigint, limit = 10_000n) =>
  findAlerts(reservation({ caps: [capUse(committed, { limit })] }), RULES);

const limits = fc.bigInt({ min: 1n, max: 10n ** 17n });
const percents = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 10 });
const parts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 12 });

/** What the outbox keeps of reservations made one after the other: the first of each id. */
function tellAll(
  amounts: readonly bigint[],
  limit: bigint,
  rules: { readonly thresholds: readonly number[]; readonly blockFrom: number },
) {
  const told = new Map<string, number>();
  let committed = 0n;
  for (const amount of amounts) {
    committed += amount;
    for (const alert of findAlerts(reservation({ caps: [capUse(committed, { limit })] }), rules))
      if (alert.kind === "threshold" && !told.has(alert.id)) told.set(alert.id, alert.threshold);
  }
  return told;
}

describe("promise 7: you hear before the money moves: thresholds", () => {
  test("the last minor unit decides", () => {
    expect(thresholdsOf(at(4_999n))).toEqual([]);
    expect(thresholdsOf(at(5_000n))).toEqual([50]);
    expect(thresholdsOf(at(8_999n))).toEqual([50, 80]);
    expect(thresholdsOf(at(9_000n))).toEqual([50, 80, 90]);
    expect(thresholdsOf(at(10_000n))).toEqual([50, 80, 90, 100]);
  });

  test("amounts beyond what a number can hold are exact", () => {
    const limit = 9_007_199_254_740_993n * 100n;
    expect(thresholdsOf(at(9_007_199_254_740_993n * 50n - 1n, limit))).toEqual([]);
    expect(thresholdsOf(at(9_007_199_254_740_993n * 50n, limit))).toEqual([50]);
  });

  test("one reservation that crosses several thresholds misses none, and the blocking ones block", () => {
    const alerts = at(9_500n);
    expect(alerts).toMatchObject([
      { threshold: 50, severity: "info", blocks: false, share: 95 },
      { threshold: 80, severity: "warning", blocks: false },
      { threshold: 90, severity: "critical", blocks: true, committed: "95.00 USD" },
    ]);
  });

  test("the blocking share is a threshold even where nobody lists it", () => {
    const rules = { thresholds: [50], blockFrom: 85 };
    const alerts = findAlerts(reservation({ caps: [capUse(8_500n)] }), rules);
    expect(alerts).toMatchObject([{ threshold: 50 }, { threshold: 85, blocks: true }]);
  });

  test("every crossing yields exactly one alert, in whatever pieces and order the money comes", () => {
    fc.assert(
      fc.property(
        limits,
        percents,
        parts,
        fc.integer({ min: 1, max: 100 }),
        (limit, thresholds, amounts, blockFrom) => {
          const rules = { thresholds, blockFrom };
          const total = amounts.reduce((sum, amount) => sum + amount, 0n);
          const expected = [...new Set([...thresholds, blockFrom])]
            .filter((percent) => total * 100n >= limit * BigInt(percent))
            .sort((a, b) => a - b);
          const ids = (told: ReadonlyMap<string, number>) => [...told.keys()].sort();
          const inPieces = tellAll(amounts, limit, rules);
          expect([...inPieces.values()].sort((a, b) => a - b)).toEqual(expected);
          expect(ids(tellAll(amounts.toReversed(), limit, rules))).toEqual(ids(inPieces));
          expect(ids(tellAll([total], limit, rules))).toEqual(ids(inPieces));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("a threshold is told when it is reached and not later", () => {
    fc.assert(
      fc.property(limits, parts, (limit, amounts) => {
        let committed = 0n;
        for (const amount of amounts) {
          committed += amount;
          const told = thresholdsOf(at(committed, limit));
          for (const percent of RULES.thresholds)
            expect(told.includes(percent)).toBe(committed * 100n >= limit * BigInt(percent));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("other caps, windows, limits and thresholds are other alerts", () => {
    const uses = [
      capUse(5_000n),
      capUse(5_000n, { cap: "total/2026-11" }),
      capUse(5_000n, { window: "2026-12" }),
      capUse(5_000n, { limit: 9_999n }),
      capUse(5_000n, { unit: { currency: "EUR" } }),
    ];
    const alerts = findAlerts(reservation({ caps: uses }), RULES);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(5);
  });

  test("counts are told like money: before the third of three domains", () => {
    const use = capUse(3n, {
      cap: "count/domains",
      window: "all",
      unit: { count: "domains" },
      limit: 3n,
    });
    expect(findAlerts(reservation({ caps: [use] }), RULES).at(-1)).toMatchObject({
      threshold: 100,
      blocks: true,
      committed: "3 domains",
    });
  });

  test("an empty cap says nothing, and a cap of nothing with something on it says everything", () => {
    expect(at(0n, 0n)).toEqual([]);
    expect(thresholdsOf(at(1n, 0n))).toEqual([50, 80, 90, 100]);
  });
});

describe("promise 7: you hear before the money moves: first spend", () => {
  const spend = (minor: bigint) => ({
    amount: { currency: "USD", minor },
    categories: ["domains"],
  });

  test("names the category and the provider, each under one id for ever", () => {
    const first = findAlerts(reservation({ spend: spend(1_044n) }), RULES);
    expect(first).toMatchObject([
      { kind: "first-spend", of: "category", name: "domains", amount: "10.44 USD", blocks: false },
      { kind: "first-spend", of: "provider", name: "cloudflare" },
    ]);
    const later = findAlerts(reservation({ at: NOW + 1, spend: spend(5n) }), RULES);
    expect(later.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  });

  test("what costs nothing is none", () => {
    expect(findAlerts(reservation({ spend: spend(0n) }), RULES)).toEqual([]);
    expect(findAlerts(reservation(), RULES)).toEqual([]);
  });
});

describe("promise 7: you hear before the money moves: forecast", () => {
  const start = Date.parse("2026-11-01T00:00:00.000Z");
  const end = Date.parse("2026-12-01T00:00:00.000Z");
  const forecast = (committed: bigint, day: number, renewals = 0n) =>
    findAlerts(
      reservation({
        at: start + day * 86_400_000,
        caps: [capUse(committed, { span: { start, end, renewals } })],
      }),
      RULES,
    ).find(({ kind }) => kind === "forecast");

  test("a pace that ends above the cap is told", () => {
    expect(forecast(4_000n, 15)).toBeUndefined();
    expect(forecast(4_000n, 10)).toMatchObject({ expected: "120.00 USD", severity: "warning" });
  });

  test("renewals count once and set no pace", () => {
    expect(forecast(6_000n, 15, 2_000n)).toBeUndefined();
    expect(forecast(6_001n, 15, 2_001n)).toMatchObject({ expected: "100.01 USD" });
    expect(forecast(4_000n, 1, 4_000n)).toBeUndefined();
  });

  test("a purchase in the first minutes is no trend", () => {
    expect(forecast(500n, 0)).toBeUndefined();
    expect(forecast(500n, 0.01)).toBeUndefined();
  });

  test("never says less than what is committed, and is one alert a window", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.integer({ min: 0, max: 40 }),
        (committed, renewals, day) => {
          const found = forecast(committed, day, renewals);
          if (committed > 10_000n) expect(found).toBeDefined();
          if (found !== undefined) expect(found.id).toBe(forecast(10n ** 12n, 3)?.id);
        },
      ),
    );
  });
});

describe("promise 7: you hear of those who keep trying, and of doubts", () => {
  const burst = (denials: readonly number[]) =>
    findDenialBurst(
      { scope: "shop/prod", denials, at: NOW, subject: SUBJECT },
      { count: 3, minutes: 10 },
    );

  test("so many denials within so many minutes are a burst", () => {
    const minute = 60_000;
    expect(burst([NOW, NOW - 9 * minute])).toBeUndefined();
    expect(burst([NOW, NOW - minute, NOW - 10 * minute])).toBeUndefined();
    expect(burst([NOW - 9 * minute, NOW, NOW - minute])).toMatchObject({ count: 3, minutes: 10 });
  });

  test("a burst that goes on is one alert in its stretch", () => {
    expect(burst([NOW, NOW, NOW, NOW])?.id).toBe(burst([NOW, NOW, NOW])?.id);
  });

  test("an outcome unknown for more than five minutes is told once, whenever it is looked at", () => {
    const doubt = {
      intent: "a".repeat(64),
      dispatchedAt: NOW,
      held: { currency: "USD", minor: 1_044n },
      subject: SUBJECT,
    };
    expect(findUnknownOutcomes([doubt], NOW + 300_000)).toEqual([]);
    const [alert] = findUnknownOutcomes([doubt], NOW + 300_001);
    expect(alert).toMatchObject({
      kind: "unknown-outcome",
      held: "10.44 USD",
      severity: "critical",
    });
    expect(findUnknownOutcomes([doubt], NOW + 9_000_000)[0]?.id).toBe(alert?.id);
  });
});
