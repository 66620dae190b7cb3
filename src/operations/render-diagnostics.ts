import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderText } from "../diagnostics/render-text.ts";

/** Prints diagnostics for people, with the lines that they are about; `cwd` is the folder that their file names are relative to. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], cwd: string): string {
  const sources = new Map<string, string>();
  for (const file of new Set(diagnostics.map((diagnostic) => diagnostic.file))) {
    try {
      sources.set(file, readFileSync(resolve(cwd, file), "utf8"));
    } catch {
      // The finding is about a file that cannot be read; it is shown without its line.
    }
  }
  return renderText(diagnostics, sources);
}
