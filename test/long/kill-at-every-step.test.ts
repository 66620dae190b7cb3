import { expect, it } from "vitest";
import { killAtPoints } from "../crash/kill-at-points.ts";
import { type CrashGroup, listAllKillPoints } from "../crash/kill-points.ts";
import { noteFigure } from "../promises/note-figure.ts";

it("promise 4: no orphan: a kill -9 of each process after each step of up makes nothing twice and loses nothing", {
  timeout: 3 * 3_600_000,
}, async ({ task }) => {
  const groups: readonly CrashGroup[] = ["purchases", "rights"];
  const deaths = await Promise.all(
    groups.map((group) => killAtPoints(group, new Set(listAllKillPoints(group)))),
  );
  const kills = deaths.reduce((sum, one) => sum + one.kills, 0);
  const points = groups.flatMap(listAllKillPoints).length;
  expect(kills).toBe(points);
  noteFigure(task, `${kills} of ${points} processes and steps killed, one of each`);
});
