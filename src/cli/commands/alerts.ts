import type { AlertsResult } from "../../index.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";

const command: Command = {
  name: "alerts",
  summary: "show where alerts about money go, or send a test through every sink",
  details:
    "Reads guardrails.yaml. Secrets come from the environment variables that it names. A test fails when no sink that counts has accepted it.",
  arguments: [PROJECT_ARGUMENT],
  options: {
    ...PROJECT_OPTIONS,
    test: { kind: "flag", summary: "send a test alert through every sink" },
  },
  async run(call) {
    const { tryAlerts } = await import("../../index.ts");
    const query = { ...readProjectQuery(call), test: call.flags.has("test") };
    const outcome = await tryAlerts(call.workplace, query);
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ thresholds, blockFrom, sinks }: AlertsResult): string {
  return [
    `alerts at ${thresholds.join(", ")} % of a cap; from ${blockFrom} % on nothing is bought before one is accepted`,
    ...sinks.map(({ name, counts, answer }) => {
      const said =
        answer === null ? "" : `: ${answer.kind}${"code" in answer ? ` (${answer.code})` : ""}`;
      return `  ${name}${counts ? "" : ", whose word does not count"}${said}`;
    }),
  ].join("\n");
}
