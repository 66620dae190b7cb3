import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { renderBudget } from "../render-budget.ts";
import { createPaint } from "../style.ts";

const command: Command = {
  name: "budget",
  summary: "show every cap: spent, held, unknown, committed, forecast, and the alerts",
  details:
    "Per organisation, provider, agent and what else is capped, as table and bars. Used is spent, held and unknown together; unknown is held by acts that were sent and have no answer; forecast is the end of the window at this pace, with its renewals; committed is due again within twelve months. Reads guardrails and ledger; asks no provider and needs no sandbox.",
  arguments: [PROJECT_ARGUMENT],
  options: PROJECT_OPTIONS,
  async run(call) {
    const { showBudget } = await import("../../index.ts");
    const outcome = await showBudget(call.workplace, readProjectQuery(call));
    const paint = createPaint(call.colors);
    return { outcome, text: outcome.ok ? renderBudget(outcome.data, paint, call.colors) : "" };
  },
};
export default command;
