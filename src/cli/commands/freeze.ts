import type { FreezeResult } from "../../index.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { renderLeaseTree } from "../render-lease-tree.ts";

/** What freezing and unfreezing have in common. */
export const PROVIDER_OPTION = {
  kind: "text",
  placeholder: "NAME",
  summary: "one provider only, default all",
} as const;

const command: Command = {
  name: "freeze",
  summary: "stop all spending at once and take every credential back",
  details:
    "The kill switch. First an entry of the ledger after which nothing can be spent; then payment tokens, access tokens, service credentials and sessions are revoked. What is deployed runs on: `destroy` removes it.",
  arguments: [PROJECT_ARGUMENT],
  options: {
    stack: PROJECT_OPTIONS.stack,
    provider: PROVIDER_OPTION,
    reason: { kind: "text", placeholder: "WORD", summary: "for the log, like_this" },
  },
  async run(call) {
    const { freezeSpending } = await import("../../index.ts");
    const { texts } = call;
    const about = { provider: texts.get("provider"), reason: texts.get("reason") };
    const outcome = await freezeSpending(call.workplace, { ...readProjectQuery(call), ...about });
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ scope, revoked, untouched }: FreezeResult): string {
  const left = renderLeaseTree(untouched).map((line) => `  ${line.trim()}`);
  return [
    `frozen: ${scope === "all" ? "all spending" : scope}`,
    `revoked: ${revoked.length}`,
    ...renderLeaseTree(revoked).map((line) => `  ${line}`),
    ...(left.length === 0 ? [] : ["still there, for these are no credentials:", ...left]),
    "what is deployed runs on",
  ].join("\n");
}
