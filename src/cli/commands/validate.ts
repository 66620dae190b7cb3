import type { ValidationResult } from "../../index.ts";
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
    return { outcome, text: describe(outcome.data) };
  },
};
export default command;

function describe({ name, stack, resources, cost, needsApproval }: ValidationResult): string {
  const count = resources === 1 ? "1 resource" : `${resources} resources`;
  const approval = needsApproval ? "; a person must approve it" : "";
  const amounts = [
    ...cost.oneTime.filter(isSomething).map((amount) => `${amount} once`),
    ...cost.monthly.filter(isSomething).map((amount) => `${amount} each month`),
    ...cost.yearly.filter(isSomething).map((amount) => `${amount} again each year`),
    ...cost.byUse.map((resource) => `${resource} by use`),
  ];
  return [
    `${name} on ${stack} is valid: ${count}${approval}`,
    amounts.length === 0 ? "it costs nothing" : `it costs ${amounts.join(", ")}`,
  ].join("\n");
}

function isSomething(amount: string): boolean {
  return /[1-9]/.test(amount);
}
