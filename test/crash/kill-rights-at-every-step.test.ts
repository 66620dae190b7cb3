import { expect, it } from "vitest";
import { noteFigure } from "../promises/note-figure.ts";
import { killAtPoints } from "./kill-at-points.ts";
import { listKillPoints } from "./kill-points.ts";

it("promise 4: no orphan: a kill -9 of any process after any step of making an access token, a service and a secret makes nothing twice and loses nothing", {
  timeout: 1_800_000,
}, async ({ task }) => {
  const points = listKillPoints("rights");
  const { kills, lives } = await killAtPoints("rights", new Set(points));
  expect(kills).toBe(points.length);
  noteFigure(
    task,
    `${kills} kills at ${points.length} points of rights in ${lives} lives, one of each`,
  );
});
