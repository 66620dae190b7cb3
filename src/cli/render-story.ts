import type { ShownLog } from "../index.ts";
import { createPaint } from "./style.ts";

const COLORS = {
  begun: "dim",
  done: "green",
  refused: "red",
  waiting: "yellow",
  noted: "bold",
} as const;

/** The log as lines: days, who, and what happened. */
export function renderStory(
  { lines, size }: Pick<ShownLog, "lines" | "size">,
  colors: boolean,
): string {
  const paint = createPaint(colors);
  if (lines.length === 0) return size === 0 ? "the log is empty" : "no entry is that new";
  let day = "";
  let who = "";
  return lines
    .flatMap((line) => {
      const heads: string[] = [];
      if (line.at.slice(0, 10) !== day) heads.push(paint("bold", line.at.slice(0, 10)));
      if (line.who !== who || heads.length > 0) heads.push(`  ${line.who}`);
      day = line.at.slice(0, 10);
      who = line.who;
      const number = String(line.sequence).padStart(String(size).length);
      return [
        ...heads,
        `    ${number}  ${line.at.slice(11, 19)}  ${paint(COLORS[line.outcome], line.what)}`,
      ];
    })
    .join("\n");
}
