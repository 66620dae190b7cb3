import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DataPath, Locator } from "./spans.ts";

/** Reports every entry of a list that was there before. */
export function reportRepeats(
  values: readonly (string | number)[],
  path: DataPath,
  locator: Locator,
  sink: BoundedSink,
): void {
  const seen = new Set<string | number>();
  for (const [i, value] of values.entries()) {
    if (seen.has(value))
      sink.fail(() =>
        createDiagnostic("SC2007", { value: String(value) }, locator.value([...path, i])),
      );
    seen.add(value);
  }
}
