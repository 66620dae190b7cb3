import { expect } from "vitest";
import { noteFigure } from "../../promises/note-figure.ts";
import { freezeUnderLoad } from "./freeze-under-load.ts";
import { revokeMany } from "./revoke-many.ts";

type Task = Parameters<typeof noteFigure>[0];

/** Freezes at one random point for each seed, and expects nothing to be sent that is ordered after the freeze. */
export async function expectFreezes(task: Task, first: number, points: number): Promise<void> {
  let frozen = 0;
  let bought = 0;
  for (let seed = first; seed < first + points; seed++) {
    const report = await freezeUnderLoad(seed);
    expect(report.after, `seed ${seed}`).toBe(0);
    expect(report.bought, `seed ${seed}`).toBe(report.before);
    // The one that came after everything was frozen is always among them.
    expect(report.frozen, `seed ${seed}`).toBe(65 - report.before);
    frozen += report.frozen;
    bought += report.bought;
  }
  expect(frozen).toBeGreaterThan(points);
  expect(bought).toBeGreaterThan(points);
  noteFigure(
    task,
    `0 of ${frozen} purchases sent after a freeze at ${points} random points under 64-way load (${bought} were before it)`,
  );
}

/** Takes tokens back while a random share of the revocations fails, and expects what is told to be exactly what is true. */
export async function expectRevocations(
  task: Task,
  { seed: first, rounds, tokens }: { seed: number; rounds: number; tokens: number },
): Promise<void> {
  let listed = 0;
  for (let seed = first; seed < first + rounds; seed++) {
    const report = await revokeMany(seed, tokens, 0.05 + (seed % 10) / 10);
    expect(report.listed, `seed ${seed}`).toEqual(report.alive);
    expect(report.revoked + report.listed.length, `seed ${seed}`).toBe(tokens);
    expect(report.leftInTheEnd, `seed ${seed}`).toBe(0);
    expect(report.withoutExpiry, `seed ${seed}`).toBe(0);
    listed += report.listed.length;
  }
  expect(listed).toBeGreaterThan(0);
  const all = rounds * tokens;
  noteFigure(
    task,
    `${all} of ${all} tokens revoked or listed (${listed} listed, all dead after two runs), 0 without expiry`,
  );
}
