import { createDiagnostic } from "./catalogue.ts";
import type { Diagnostic, DiagnosticSink, SourceLocation } from "./diagnostic.ts";

/** Findings that one stage shows, errors and others counted apart. */
export const FINDINGS_MAX = 100;

/** A sink for one stage with room for a number of findings; what comes later is only counted. */
export interface BoundedSink extends DiagnosticSink {
  /** Errors so far, shown or not. */
  readonly errors: number;
  /** More errors than are shown: looking for further ones is of no use. */
  readonly full: boolean;
  /** Reports an error that is made only if there is room, so that thousands of errors cost no time. */
  fail(make: () => Diagnostic): void;
  /** Reports how many errors were not shown, if any. Call it once, at the end of the stage. */
  close(file: SourceLocation): void;
}

/** Wraps the caller's sink for one stage. */
export function boundSink(sink: DiagnosticSink, limit: number = FINDINGS_MAX): BoundedSink {
  let errors = 0;
  let others = 0;
  const fail = (make: () => Diagnostic): void => {
    errors += 1;
    if (errors <= limit) sink.report(make());
  };
  return {
    get errors() {
      return errors;
    },
    get full() {
      return errors > limit;
    },
    fail,
    report(diagnostic) {
      if (diagnostic.severity === "error") return fail(() => diagnostic);
      others += 1;
      if (others <= limit) sink.report(diagnostic);
    },
    close(file) {
      if (errors > limit)
        sink.report(createDiagnostic("SC1000", { omitted: errors - limit, shown: limit }, file));
    },
  };
}
