import type { Command } from "../command.ts";
import {
  ENGINE_OPTION,
  PROJECT_ARGUMENT,
  PROJECT_OPTIONS,
  readProjectQuery,
} from "../project-options.ts";

const command: Command = {
  name: "compile",
  summary: "write the stack of the manifest to stacks/<name>",
  details:
    "A Pulumi program, with OpenTofu one file of JSON, with Crossplane YAML. Needs no engine and no network. The same input gives the same bytes.",
  arguments: [PROJECT_ARGUMENT],
  options: {
    ...PROJECT_OPTIONS,
    ...ENGINE_OPTION,
    check: { kind: "flag", summary: "write nothing, fail when the stack on disk differs" },
  },
  async run(call) {
    const { compileProject } = await import("../../index.ts");
    const check = call.flags.has("check");
    const outcome = await compileProject(call.workplace, { ...readProjectQuery(call), check });
    if (!outcome.ok) return { outcome, text: "" };
    const { folder, files, written, resources } = outcome.data;
    const changed = written.length === 0 ? "nothing changed" : `${written.length} changed`;
    const count = resources === 1 ? "1 resource" : `${resources} resources`;
    return {
      outcome,
      text: `${count} -> ${folder}: ${files.length} files, ${changed}`,
    };
  },
};
export default command;
