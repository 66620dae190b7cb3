import type { RotateResult } from "../../index.ts";
import { askPerson, YES_OPTION } from "../ask-person.ts";
import type { Command } from "../command.ts";
import {
  ENGINE_OPTION,
  PROJECT_ARGUMENT,
  PROJECT_OPTIONS,
  readProjectQuery,
} from "../project-options.ts";
import { renderLeaseTree } from "../render-lease-tree.ts";

const command: Command = {
  name: "rotate",
  summary: "replace credentials, and hand the new ones to what is deployed",
  details:
    "What is deployed runs on. Revoked rights live again, so a person is asked about them. The manifest must be what is deployed: nothing else is applied.",
  arguments: [
    { name: "lease", summary: "id or path of a lease, or its beginning; default: the whole stack" },
    PROJECT_ARGUMENT,
  ],
  options: { ...PROJECT_OPTIONS, ...ENGINE_OPTION, yes: YES_OPTION },
  async run(call) {
    const [lease, path] = call.arguments;
    const { rotateRights } = await import("../../index.ts");
    const confirm = (revoked: number) =>
      askPerson(call, `Bring ${revoked} revoked leases back to life?`);
    const query = { ...readProjectQuery(call), path, lease, confirm };
    const outcome = await rotateRights(call.workplace, query);
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ rotated, applied }: RotateResult): string {
  if (rotated.length === 0) return "nothing to rotate";
  const lines = renderLeaseTree(rotated).map((line) => `  ${line}`);
  const taken = applied === 1 ? "1 resource" : `${applied} resources`;
  return [`rotated ${rotated.length}, taken over by ${taken}:`, ...lines].join("\n");
}
