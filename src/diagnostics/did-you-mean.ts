/** No suggestion is sought for longer texts: a name has at most 63 characters. */
const LENGTH_MAX = 64;

/**
 * The candidate that differs least from `text`, if it differs in at most a third of its characters; undefined otherwise. Upper
 * and lower case, hyphens and underscores count as equal. Linear in the number of candidates.
 */
export function didYouMean(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length === 0 || text.length > LENGTH_MAX) return undefined;
  const wanted = fold(text);
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(wanted.length, 3) / 3) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text.length) > bestDistance) continue;
    const distance = editDistance(wanted, fold(candidate), bestDistance);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function fold(text: string): string {
  return text.toLowerCase().replace(/[-_]/g, "");
}

/**
 * The least number of insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment),
 * or `limit` if it is not below `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let value = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, at(beforeLast, j - 2) + 1);
      row.push(value);
      least = Math.min(least, value);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return Math.min(limit, at(last, b.length));
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
