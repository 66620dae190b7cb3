import type { Command } from "../command.ts";
import { ENGINE_OPTION, readEngine } from "../project-options.ts";

const command: Command = {
  name: "doctor",
  summary: "look whether this machine has what is needed",
  details: "",
  arguments: [],
  options: {
    ...ENGINE_OPTION,
    fix: { kind: "flag", summary: "fetch or build the engine where it is missing" },
  },
  async run(call) {
    const { checkMachine } = await import("../../index.ts");
    const query = { fix: call.flags.has("fix"), engine: readEngine(call) };
    const outcome = await checkMachine(call.workplace, query);
    if (!outcome.ok) return { outcome, text: "" };
    const { checks } = outcome.data;
    const lines = checks.map(
      ({ name, ok, found }) => `${ok ? "ok   " : "later"}  ${name}: ${found}`,
    );
    return { outcome, text: lines.join("\n") };
  },
};
export default command;
