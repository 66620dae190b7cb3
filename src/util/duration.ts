const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAYS_MAX = 366;

/** Milliseconds of `15m`, `24h` or `30d`; undefined for any other form and for more than 366 days. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(text);
  if (match === null) return undefined;
  const length = Number(match[1]) * (UNITS[match[2] ?? ""] ?? Number.NaN);
  return length <= DAYS_MAX * 86_400_000 ? length : undefined;
}
