import { expect, test } from "vitest";
import { createProgress } from "../../src/cli/progress.ts";
import { createPaint } from "../../src/cli/style.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

test("where lines cannot be taken back, the notes of a long step come rarer", () => {
  let seconds = 0;
  const lines: string[] = [];
  const terminal: Terminal = {
    live: false,
    interactive: false,
    colors: false,
    columns: () => 80,
    out: () => undefined,
    err: (text) => void lines.push(`${seconds}: ${text.trim()}`),
  };
  const progress = createProgress(terminal, createPaint(false), () => seconds * 1_000);
  progress.step("building");
  for (; seconds <= 40; seconds++) progress.note(`${seconds} packages`);
  progress.step("linking");
  progress.note("early");
  seconds += 1;
  progress.note("module 1");
  expect(lines).toEqual([
    "0: - building",
    "1: 1 packages",
    "3: 3 packages",
    "7: 7 packages",
    "15: 15 packages",
    "30: 30 packages",
    "41: - linking",
    "42: module 1",
  ]);
});
