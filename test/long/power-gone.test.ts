import { expect, test } from "vitest";
import { expectFreezes, expectRevocations } from "../broker/simulation/expect-power-gone.ts";
import { revokeMany } from "../broker/simulation/revoke-many.ts";
import { noteFigure } from "../promises/note-figure.ts";

const SEED = Number(process.env.SUPERCARGO_SEED ?? Math.floor(Math.random() * 1_000_000));
/** Points to freeze at. */
const POINTS = Number(process.env.SUPERCARGO_FREEZES ?? "2000");

test(`promise 8: nothing is sent after a freeze at ${POINTS} random points, seed ${SEED}`, ({
  task,
}) => expectFreezes(task, SEED, POINTS));

test(`promise 8: a thousand leases are revoked at once, seed ${SEED}`, async ({ task }) => {
  const report = await revokeMany(SEED, 1_000, 0);
  expect(report).toMatchObject({ revoked: 1_000, listed: [], alive: [] });
  noteFigure(task, `1,000 leases revoked in ${(report.milliseconds / 1000).toFixed(1)} s`);
});

test(`promise 12: every token is revoked or listed, seed ${SEED}`, ({ task }) =>
  expectRevocations(task, { seed: SEED, rounds: 100, tokens: 100 }));
