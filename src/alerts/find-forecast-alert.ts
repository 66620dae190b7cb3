import { type ForecastAlert, identifyAlert } from "./alert.ts";
import { type CapUse, type Reservation, showAmount } from "./reservation.ts";

/** The part of a window below which a pace says nothing: a purchase in its first minute is no trend. */
const LEAST_ELAPSED_PARTS = 10n;

/**
 * The alert that the window will end above its cap: what is committed, spread over the time that has passed (at least a tenth of the window) and
 * drawn out to its end, plus the renewals that fall due; or what is committed plus those renewals alone. Undefined when it will not. A
 * cap is told once in each window.
 */
export function findForecastAlert(
  { cap, window, unit, limit, committed, span }: CapUse,
  { at, subject }: Pick<Reservation, "at" | "subject">,
): ForecastAlert | undefined {
  if (span === undefined || committed <= 0n || span.end <= span.start) return undefined;
  const length = BigInt(span.end - span.start);
  const elapsed = clamp(BigInt(at - span.start), length / LEAST_ELAPSED_PARTS + 1n, length);
  // Rounded up: a forecast that is off by less than a minor unit is off on the safe side.
  const expected = (committed * length + elapsed - 1n) / elapsed + span.renewals;
  if (expected <= limit) return undefined;
  return {
    kind: "forecast",
    id: identifyAlert("forecast", [cap, window, showAmount(limit, unit)]),
    severity: "warning",
    blocks: false,
    at: new Date(at).toISOString(),
    subject,
    cap,
    window,
    limit: showAmount(limit, unit),
    committed: showAmount(committed, unit),
    renewals: showAmount(span.renewals, unit),
    expected: showAmount(expected, unit),
  };
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least < most ? least : most;
  return value > most ? most : value;
}
