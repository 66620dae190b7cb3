import type { RevokeResult } from "../../index.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";
import { renderLeaseTree } from "../render-lease-tree.ts";

const command: Command = {
  name: "revoke",
  summary: "take rights back, with everything that hangs on them",
  details:
    "Works at once, also while an `up` runs or spending is frozen. What is deployed runs on; domains and data are left alone. Nothing is handed out again before a person runs `rotate`.",
  arguments: [
    { name: "lease", summary: "id or path of a lease, or the beginning of a path" },
    PROJECT_ARGUMENT,
  ],
  options: { stack: PROJECT_OPTIONS.stack },
  async run(call) {
    const [lease, path] = call.arguments;
    if (lease === undefined) return refuseMissing("revoke", "lease");
    const { revokeRights } = await import("../../index.ts");
    const query = { ...readProjectQuery(call), path, lease };
    const outcome = await revokeRights(call.workplace, query);
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ revoked, untouched }: RevokeResult): string {
  const left = renderLeaseTree(untouched).map((line) => `  ${line.trim()}`);
  return [
    revoked.length === 0 ? "nothing to revoke" : `revoked ${revoked.length}:`,
    ...renderLeaseTree(revoked).map((line) => `  ${line}`),
    ...(left.length === 0 ? [] : ["left alone, for these are no credentials:", ...left]),
  ].join("\n");
}
