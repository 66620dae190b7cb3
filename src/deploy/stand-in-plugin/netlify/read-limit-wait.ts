/** What a 429 that names no time waits for (netlify/build, `js-client`), and the least of all. */
const DEFAULT_MS = 5_000;
const LEAST_MS = 250;

/**
 * How long to wait after a 429, milliseconds: `Retry-After` in seconds or as a date, else `X-RateLimit-Reset` in seconds since 1970
 * (https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/, "Rate limiting"). `now` in milliseconds since 1970.
 */
export function readLimitWait(headers: Headers, now: number): number {
  const after = headers.get("retry-after")?.trim() ?? "";
  const reset = headers.get("x-ratelimit-reset")?.trim() ?? "";
  const waits = [
    /^\d+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - now,
    /^\d+$/.test(reset) ? Number(reset) * 1_000 - now : Number.NaN,
  ];
  return Math.max(waits.find(Number.isFinite) ?? DEFAULT_MS, LEAST_MS);
}
