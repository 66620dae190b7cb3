import type { Command } from "../command.ts";

const command: Command = {
  name: "schema",
  summary: "print the JSON Schema of the manifest",
  details: "Editors that know YAML check and complete supercargo.yaml with it.",
  arguments: [],
  options: {
    guardrails: { kind: "flag", summary: "of guardrails.yaml instead" },
    reference: { kind: "flag", summary: "print the reference of both files as Markdown instead" },
  },
  async run({ flags }) {
    const { describeReference, describeSchema, succeed } = await import("../../index.ts");
    if (flags.has("reference")) {
      const markdown = describeReference();
      return { outcome: succeed({ markdown }), text: markdown };
    }
    const schema = describeSchema(flags.has("guardrails") ? "guardrails" : "manifest");
    return { outcome: succeed({ schema }), text: JSON.stringify(schema, undefined, 2) };
  },
};
export default command;
