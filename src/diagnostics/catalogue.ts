import type { CodeEntry } from "./code-entry.ts";
import { TEXT_CODES } from "./codes/1-text.ts";
import { SHAPE_CODES } from "./codes/2-shape.ts";
import { MODEL_CODES } from "./codes/3-model.ts";
import { POLICY_CODES } from "./codes/4-policy.ts";
import { ENGINE_CODES } from "./codes/5-engine.ts";
import { BROKER_CODES } from "./codes/6-broker.ts";
import { USAGE_CODES } from "./codes/7-usage.ts";
import { BUILD_CODES } from "./codes/8-build.ts";
import type { Diagnostic, SourceLocation } from "./diagnostic.ts";

/**
 * Every code. 1 text and syntax, 2 shape, 3 names, references and placement, 4 policy, 5 engine and deployment,
 * 6 broker and sandbox, 7 usage, 8 sources of apps and sites. A code is one entry in one file of `codes/`; a code once released keeps its meaning.
 */
export const CATALOGUE = {
  ...TEXT_CODES,
  ...SHAPE_CODES,
  ...MODEL_CODES,
  ...POLICY_CODES,
  ...ENGINE_CODES,
  ...BROKER_CODES,
  ...USAGE_CODES,
  ...BUILD_CODES,
} as const;

export type DiagnosticCode = keyof typeof CATALOGUE;

/** What {@link createDiagnostic} needs to write the message of a code. */
export type DiagnosticValues<Code extends DiagnosticCode> =
  (typeof CATALOGUE)[Code] extends CodeEntry<infer Values> ? Values : never;

/** Writes the diagnostic of a code. Text of the user in `values` appears quoted, in visible ASCII and shortened. */
export function createDiagnostic<Code extends DiagnosticCode>(
  code: Code,
  values: DiagnosticValues<Code>,
  location: SourceLocation,
): Diagnostic {
  const entry = CATALOGUE[code] as unknown as CodeEntry<DiagnosticValues<Code>>;
  const message = entry.message.print(values);
  if (message === undefined) throw new Error(`a value of ${code} is missing`);
  let remedy: string | undefined;
  for (const candidate of entry.remedies) {
    remedy = candidate.print(values);
    if (remedy !== undefined) break;
  }
  const { file, path, range } = location;
  return { code, severity: entry.severity, message, remedy, file, path, range };
}
