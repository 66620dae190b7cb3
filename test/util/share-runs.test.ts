import { describe, expect, it } from "vitest";
import { shareRuns } from "../../src/util/share-runs.ts";

/** Work whose every run ends when it is told to. */
function bench() {
  const runs: { end(): void; fail(): void }[] = [];
  const ask = shareRuns(
    () =>
      new Promise((resolve, reject) => {
        runs.push({ end: resolve, fail: () => reject(new Error("failed")) });
      }),
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { runs, ask, settle };
}

describe("runs that are shared", () => {
  it("begin after the call, one at a time, one for all who waited", async () => {
    const { runs, ask, settle } = bench();
    const first = ask();
    const others = Array.from({ length: 64 }, ask);
    await settle();
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await first;
    await settle();
    expect(runs).toHaveLength(2);
    const late = ask();
    runs[1]?.end();
    await Promise.all(others);
    await settle();
    expect(runs).toHaveLength(3);
    runs[2]?.end();
    await late;
  });

  it("never overlap, not even for who asks the moment that one ends", async () => {
    const { runs, ask, settle } = bench();
    const first = ask();
    const second = ask();
    const third = first.then(ask);
    runs[0]?.end();
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await Promise.all([second, third]);
  });

  it("fail those who share them, and nobody else", async () => {
    const { runs, ask, settle } = bench();
    const first = ask();
    const second = ask();
    runs[0]?.fail();
    await expect(first).rejects.toThrow("failed");
    await settle();
    const third = ask();
    runs[1]?.fail();
    await expect(second).rejects.toThrow("failed");
    await settle();
    runs[2]?.end();
    await third;
  });
});
