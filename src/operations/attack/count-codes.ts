/** `297 x count_exceeded, 3 x ok`, most frequent first. */
export function countCodes(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => (counts.size === 1 && count === 1 ? code : `${count} x ${code}`))
    .join(", ");
}
