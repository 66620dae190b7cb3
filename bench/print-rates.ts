/** Prints one line a rate (per second) with its ratio to the first: more is faster. */
export function printRates(title: string, rates: ReadonlyMap<string, number>): void {
  console.log(title);
  const base = [...rates.values()][0] ?? Number.NaN;
  const width = Math.max(...[...rates.keys()].map((label) => label.length));
  for (const [label, rate] of rates) {
    const figure = Math.round(rate).toLocaleString("en").padStart(9);
    console.log(`  ${label.padEnd(width)}  ${figure} /s  x ${(rate / base).toFixed(2)}`);
  }
  console.log("");
}
