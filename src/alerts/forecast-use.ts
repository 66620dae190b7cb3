import type { CapSpan } from "./reservation.ts";

/** The part of a window below which a pace says nothing: a purchase in its first minute is no trend. */
const LEAST_ELAPSED_PARTS = 10n;

/**
 * What will be used when a calendar window ends: the renewals in `committed` once, and the rest of it spread over the time that has passed (at least a tenth of the
 * window) and drawn out to the end. Rounded up: a forecast that is off by less than a minor unit is off on the safe side.
 */
export function forecastUse(committed: bigint, span: CapSpan, at: number): bigint {
  const length = BigInt(span.end - span.start);
  const elapsed = clamp(BigInt(at - span.start), length / LEAST_ELAPSED_PARTS + 1n, length);
  const renewals = span.renewals < committed ? span.renewals : committed;
  return ((committed - renewals) * length + elapsed - 1n) / elapsed + renewals;
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least < most ? least : most;
  return value > most ? most : value;
}
