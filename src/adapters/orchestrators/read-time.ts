/** A moment as RFC 3339 in UTC; undefined for every text that is none. */
export function readTime(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
