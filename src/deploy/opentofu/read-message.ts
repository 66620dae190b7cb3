import type { Json } from "../../util/canonical-json.ts";
import { memberAt } from "../../util/json-access.ts";
import { parseJson } from "../../util/parse-json.ts";
import { readOutput, urnOf } from "./read-plan.ts";

/** What we take from the lines that OpenTofu prints with `-json` (OpenTofu docs, "Machine-Readable UI"). */
export type OpentofuMessage =
  | {
      readonly kind: "resource";
      readonly phase: "begins" | "ends" | "fails";
      readonly urn: string;
      /** `create`, `update`, `delete`. */
      readonly action: string;
    }
  /** Text that OpenTofu or a plugin wrote: to be read by code, never to be shown. */
  | { readonly kind: "error"; readonly urn: string | undefined; readonly text: string }
  | { readonly kind: "outputs"; readonly outputs: Readonly<Record<string, Json>> };

const PHASES: Readonly<Record<string, "begins" | "ends" | "fails">> = {
  apply_start: "begins",
  apply_complete: "ends",
  apply_errored: "fails",
};

/** Reads one line; undefined for what we have no use for. */
export function readMessage(line: string): OpentofuMessage | undefined {
  const message = parseJson(line);
  const type = memberAt(message, "type");
  if (typeof type !== "string") return undefined;
  const phase = PHASES[type];
  if (phase !== undefined) {
    const hook = memberAt(message, "hook");
    const address = memberAt(memberAt(hook, "resource"), "addr");
    return {
      kind: "resource",
      phase,
      urn: urnOf(String(address)),
      action: String(memberAt(hook, "action")),
    };
  }
  if (type === "diagnostic") {
    const diagnostic = memberAt(message, "diagnostic");
    if (memberAt(diagnostic, "severity") !== "error") return undefined;
    return readDiagnostic(diagnostic);
  }
  if (type === "outputs") {
    const outputs = (memberAt(message, "outputs") ?? {}) as Readonly<Record<string, Json>>;
    return {
      kind: "outputs",
      outputs: Object.fromEntries(Object.entries(outputs).map(readOutput)),
    };
  }
  return undefined;
}

/** An error of `-json` output, or of `validate -json`. */
export function readDiagnostic(diagnostic: unknown): OpentofuMessage & { readonly kind: "error" } {
  const address = memberAt(diagnostic, "address");
  const text = [memberAt(diagnostic, "summary"), memberAt(diagnostic, "detail")].join("\n");
  return { kind: "error", urn: typeof address === "string" ? urnOf(address) : undefined, text };
}
