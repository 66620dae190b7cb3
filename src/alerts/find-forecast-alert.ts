import { type ForecastAlert, identifyAlert } from "./alert.ts";
import { forecastUse } from "./forecast-use.ts";
import { type CapUse, type Reservation, showAmount } from "./reservation.ts";

/** The alert that the window will end above its cap, see {@link forecastUse}; undefined when it will not. A cap is told once in each window. */
export function findForecastAlert(
  { cap, window, unit, limit, committed, span }: CapUse,
  { at, subject }: Pick<Reservation, "at" | "subject">,
): ForecastAlert | undefined {
  if (span === undefined || committed <= 0n || span.end <= span.start) return undefined;
  const expected = forecastUse(committed, span, at);
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
