import type { Timing } from "./measure-command.ts";

/** Prints one line a command with its ratio to `base` (1.00 = as long as the base; smaller is faster). */
export function printTable(
  title: string,
  timings: ReadonlyMap<string, Timing>,
  base: string,
): void {
  console.log(title);
  const reference = timings.get(base)?.median ?? Number.NaN;
  const width = Math.max(...[...timings.keys()].map((label) => label.length));
  for (const [label, { min, median, max }] of timings) {
    const ratio = (median / reference).toFixed(2);
    console.log(
      `  ${label.padEnd(width)}  ${median.toFixed(3)} (${min.toFixed(3)} - ${max.toFixed(3)})  x ${ratio}`,
    );
  }
  console.log("");
}
