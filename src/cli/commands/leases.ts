import type { LeaseListing } from "../../index.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { renderLeaseTree } from "../render-lease-tree.ts";

const command: Command = {
  name: "leases",
  summary: "show every right that was handed out, as a tree",
  details:
    "Session with a provider, account, payment token, access token, domain, service: with state, expiry and what a revocation can do. Reads the ledger only.",
  arguments: [PROJECT_ARGUMENT],
  options: {
    stack: PROJECT_OPTIONS.stack,
    prefix: {
      kind: "text",
      placeholder: "PATH",
      summary: "only those whose path begins so, project/stack/provider/kind/resource",
    },
  },
  async run(call) {
    const { listLeases } = await import("../../index.ts");
    const query = { ...readProjectQuery(call), prefix: call.texts.get("prefix") };
    const outcome = await listLeases(call.workplace, query);
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ stack, leases, frozen }: LeaseListing): string {
  if (leases.length === 0) return `nothing was handed out on ${stack}`;
  return [
    ...frozen.map(({ scope, since, reason }) => `frozen: ${scope} since ${since} (${reason})`),
    ...renderLeaseTree(leases),
    "",
    "paths:",
    ...leases.map(({ path }) => `  ${path}`),
  ].join("\n");
}
