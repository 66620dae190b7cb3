import { expect, it } from "vitest";
import { noteFigure } from "../promises/note-figure.ts";
import { killAtPoints } from "./kill-at-points.ts";
import { listKillPoints } from "./kill-points.ts";

it("promise 4: no orphan: a kill -9 of any process after any step of making an account, a payment token and a domain makes nothing twice and loses nothing", {
  timeout: 1_800_000,
}, async ({ task }) => {
  const points = listKillPoints("purchases");
  const { kills, lives } = await killAtPoints("purchases", new Set(points));
  expect(kills).toBe(points.length);
  noteFigure(
    task,
    `${kills} kills at ${points.length} points of purchases in ${lives} lives, one of each`,
  );
});
