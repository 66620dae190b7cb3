import type { Command } from "../command.ts";

const command: Command = {
  name: "doctor",
  summary: "look whether this machine has what is needed",
  details: "",
  arguments: [],
  options: {
    fix: { kind: "flag", summary: "fetch or build what is missing: the Pulumi engine" },
  },
  async run({ workplace, flags }) {
    const { checkMachine } = await import("../../index.ts");
    const outcome = await checkMachine(workplace, { fix: flags.has("fix") });
    if (!outcome.ok) return { outcome, text: "" };
    const { checks } = outcome.data;
    const lines = checks.map(
      ({ name, ok, found }) => `${ok ? "ok   " : "later"}  ${name}: ${found}`,
    );
    return { outcome, text: lines.join("\n") };
  },
};
export default command;
