import type { Command } from "../command.ts";
import {
  ENGINE_OPTION,
  PERSON_OPTION,
  PROJECT_ARGUMENT,
  PROJECT_OPTIONS,
  readProjectQuery,
} from "../project-options.ts";
import { renderDiff } from "../render-diff.ts";
import { createPaint } from "../style.ts";

const command: Command = {
  name: "preview",
  summary: "show what would change, cost and be permitted",
  details:
    "Compiles the manifest and asks the engine; of Crossplane, which is not run here, what was printed is reviewed as new. Changes nothing and spends nothing.",
  arguments: [PROJECT_ARGUMENT],
  options: {
    ...PROJECT_OPTIONS,
    ...ENGINE_OPTION,
    ...PERSON_OPTION,
    diff: { kind: "flag", summary: "show the engine's steps with their inputs, too" },
    out: {
      kind: "text",
      placeholder: "DIR",
      summary: "write review.json and review.md there",
    },
  },
  async run(call) {
    const { previewProject, renderReviewText } = await import("../../index.ts");
    const out = call.texts.get("out");
    const outcome = await previewProject(call.workplace, { ...readProjectQuery(call), out });
    if (!outcome.ok) return { outcome, text: "" };
    const { review, steps, written } = outcome.data;
    const diff = call.flags.has("diff") ? `\n\n${renderDiff(steps, createPaint(call.colors))}` : "";
    const files = written.length === 0 ? "" : `\nwritten: ${written.join(", ")}`;
    return {
      outcome,
      hasShownFindings: true,
      text: `${renderReviewText(review, { color: call.colors }).trimEnd()}${diff}${files}`,
    };
  },
};
export default command;
