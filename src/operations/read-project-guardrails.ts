import type { Guardrails } from "../compiler/1-manifest/guardrails.ts";
import { readGuardrails } from "../compiler/1-manifest/read-guardrails.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Project } from "./find-project.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** A project's guardrails, or the strict defaults without a file, with what is to be said of them; a refusal when they have errors. */
export function readProjectGuardrails({
  guardrails: file,
}: Pick<Project, "guardrails">):
  | { readonly guardrails: Guardrails; readonly diagnostics: readonly Diagnostic[] }
  | Refusal {
  const diagnostics: Diagnostic[] = [];
  const guardrails = readGuardrails(file, {
    report: (diagnostic) => void diagnostics.push(diagnostic),
  });
  if (guardrails !== undefined) return { guardrails, diagnostics };
  const message = "the guardrails have errors";
  return refuse({ kind: "refused", code: "invalid-input", message }, { diagnostics });
}
