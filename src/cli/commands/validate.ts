import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";

const command: Command = {
  name: "validate",
  summary: "check manifest and guardrails, without building or asking anybody",
  details:
    "Reads supercargo.yaml and guardrails.yaml, resolves every name, prices it and applies the policy.",
  arguments: [PROJECT_ARGUMENT],
  options: PROJECT_OPTIONS,
  async run(call) {
    const { validateProject } = await import("../../index.ts");
    const outcome = await validateProject(call.workplace, readProjectQuery(call));
    if (!outcome.ok) return { outcome, text: "" };
    const { name, stack, resources, cost, needsApproval } = outcome.data;
    const approval = needsApproval ? "; a person must approve it" : "";
    return {
      outcome,
      text: [
        `${name} on ${stack} is valid: ${resources} resources${approval}`,
        `cost: ${cost.oneTime.join(" + ")} once, ${cost.monthly.join(" + ")} a month, renewals of ${cost.yearly.join(" + ")} a year`,
      ].join("\n"),
    };
  },
};
export default command;
