/** Where an operation tells what it is doing. Nothing that a program needs goes here. */
export interface Progress {
  /** A step begins, and with it the one before has ended. One short phrase, e.g. `starting the sandbox`. */
  step(text: string): void;
  /** Where the present step is; may replace the note before. */
  note(text: string): void;
  /** Text to keep, e.g. the engine's diff; may have several lines. */
  show(text: string): void;
}

/** Tells nobody. */
export const SILENT_PROGRESS: Progress = { step() {}, note() {}, show() {} };
