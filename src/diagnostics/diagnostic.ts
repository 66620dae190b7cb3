import type { DiagnosticCode } from "./catalogue.ts";

/** A place in a text; line and column count from 1, column in UTF-16 code units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** From the first character up to, not including, `end`. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

export type Severity = "error" | "warning" | "info";

/** One finding about the input. Bad input is a list of these; only bugs throw. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One plain sentence, lower-case first letter, no final stop; the input's text stands in back-quotes. */
  readonly message: string;
  /** What to do, one imperative sentence. */
  readonly remedy?: string | undefined;
  /** The file as the user named it. */
  readonly file: string;
  /** Where in the data, e.g. `resources.shop.routes[0]`; empty for the whole file. */
  readonly path: string;
  readonly range: SourceRange;
}

/** Receives findings; stages report to it and go on. */
export interface DiagnosticSink {
  report(diagnostic: Diagnostic): void;
}

/** Where a value stands in the user's file. */
export interface SourceLocation {
  readonly file: string;
  readonly path: string;
  readonly range: SourceRange;
}
