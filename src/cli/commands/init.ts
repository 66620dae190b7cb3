import type { Command } from "../command.ts";

const command: Command = {
  name: "init",
  summary: "start a project from a template in an empty folder",
  details:
    "Writes supercargo.yaml, guardrails.yaml, the app's code, .gitignore and the JSON Schema for editors. Overwrites nothing.",
  arguments: [{ name: "template", summary: "storefront (default) or minimal" }],
  options: {
    dir: { kind: "text", placeholder: "DIR", summary: "folder to start in, default here" },
  },
  async run({ workplace, arguments: [template], texts }) {
    const { initProject } = await import("../../index.ts");
    const outcome = initProject(workplace, { template, dir: texts.get("dir") });
    if (!outcome.ok) return { outcome, text: "" };
    const { folder, files } = outcome.data;
    const list = files.map((file) => `  ${file}`).join("\n");
    return { outcome, text: `Started ${outcome.data.template} in ${folder}:\n${list}` };
  },
};
export default command;
