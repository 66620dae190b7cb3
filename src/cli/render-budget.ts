import type { BudgetResult } from "../index.ts";
import type { Paint } from "./style.ts";

type Line = BudgetResult["lines"][number];

/** Spent, held, unknown, left. */
const BLOCKS = ["█", "▓", "▒", "·"] as const;
const PLAIN = ["#", "=", "?", "."] as const;
const BAR = 30;

/** A table of all accounts, a bar for each cap, counts and alerts. `blocks`: the terminal can show block characters. */
export function renderBudget(budget: BudgetResult, paint: Paint, blocks: boolean): string {
  const { month, stack, lines, counts, alerts, blockFrom } = budget;
  if (lines.length === 0) return `nothing was spent on ${stack} in ${month}`;
  const capped = lines.filter(({ share }) => share !== undefined);
  const width = Math.max(...capped.map(({ cap }) => cap.length));
  const [spent, held, unknown, left] = blocks ? BLOCKS : PLAIN;
  return [
    ...renderTable(lines, paint),
    "",
    ...capped.map(
      (line) => `${line.cap.padEnd(width)}  ${renderBar(line, paint, blocks, blockFrom)}`,
    ),
    `${spent} spent  ${held} held  ${unknown} unknown  ${left} left`,
    "",
    counts.map(({ count, used, limit }) => `${count} ${used} of ${limit}`).join(", "),
    ...(alerts.length === 0 ? ["no alerts"] : ["alerts:"]),
    ...alerts.map(({ text, at, told }) => {
      const state = told === undefined ? paint("red", "waits") : `told ${told}`;
      return `  ${at.slice(0, 16)}Z ${text}: ${state}`;
    }),
  ].join("\n");
}

function renderTable(lines: readonly Line[], paint: Paint): readonly string[] {
  const heads = ["cap", "limit", "spent", "held", "unknown", "left", "forecast", "committed"];
  const rows = lines.map(({ cap, limit, spent, held, unknown, left, forecast, committed }) => [
    cap,
    ...[limit, spent, held, unknown, left, forecast, committed].map((text) => text ?? "-"),
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const show = (row: readonly string[]): string =>
    row
      .map((text, n) => (n === 0 ? text.padEnd(widths[n] ?? 0) : text.padStart(widths[n] ?? 0)))
      .join("  ");
  return [paint("bold", show(heads)), ...rows.map(show)];
}

/** Each part is cut down, so that a bar is full only when the cap is. */
function renderBar({ share }: Line, paint: Paint, blocks: boolean, blockFrom: number): string {
  if (share === undefined) return "";
  const signs = blocks ? BLOCKS : PLAIN;
  const ends = [share.spent, share.spent + share.held, share.used].map((percent) =>
    Math.min(BAR, Math.floor((percent * BAR) / 100)),
  );
  const parts = [...ends, BAR].map((end, n) =>
    (signs[n] ?? "").repeat(end - (n === 0 ? 0 : (ends[n - 1] ?? 0))),
  );
  const color = share.used >= blockFrom ? "red" : share.used >= 50 ? "yellow" : "green";
  return `${paint(color, parts.join(""))} ${share.used} %`;
}
