import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { renderPortability } from "../render-portability.ts";
import { createPaint } from "../style.ts";

const command: Command = {
  name: "portability",
  summary: "show where else each resource can live, what changes there and what the way costs",
  details: [
    "For each resource and each vendor: whether it moves as it is, with changes or not at all, what is copied, and the",
    "price here and there. A domain stays with its registrar, and only its names move. Asks nobody, needs no network.",
  ].join("\n"),
  arguments: [PROJECT_ARGUMENT],
  options: PROJECT_OPTIONS,
  async run(call) {
    const { describePortability } = await import("../../index.ts");
    const outcome = await describePortability(call.workplace, readProjectQuery(call));
    const paint = createPaint(call.colors);
    return { outcome, text: outcome.ok ? renderPortability(outcome.data, paint) : "" };
  },
};
export default command;
