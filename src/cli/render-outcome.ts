import type { Outcome } from "../index.ts";
import type { Paint } from "./style.ts";

/** What a person reads on standard error after the command's own text. Ends with a line feed unless empty. */
export async function renderNotes(outcome: Outcome<unknown>, paint: Paint): Promise<string> {
  const blocks: string[] = [];
  if (outcome.diagnostics.length > 0) {
    const { renderDiagnostics } = await import("../index.ts");
    blocks.push(renderDiagnostics(outcome.diagnostics, process.cwd()).trimEnd());
  }
  for (const warning of outcome.warnings) blocks.push(`${paint("yellow", "warning:")} ${warning}`);
  if (!outcome.ok) {
    const { message, remedy } = outcome.failure;
    blocks.push(
      `${paint("red", "supercargo:")} ${message}${remedy === undefined ? "" : `\n  ${remedy}`}`,
    );
  }
  if (outcome.nextSteps.length > 0) {
    const steps = outcome.nextSteps.map((step) => `  ${step}`).join("\n");
    blocks.push(`${paint("bold", "next:")}\n${steps}`);
  }
  return blocks.length === 0 ? "" : `${blocks.join("\n")}\n`;
}
