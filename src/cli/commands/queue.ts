import type { QueueResult } from "../../index.ts";
import type { Command } from "../command.ts";
import { PROJECT_OPTIONS } from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";

const ACTIONS = ["list", "drop"] as const;

const command: Command = {
  name: "queue",
  summary: "list purchases that wait for a provider, or drop one before it is sent",
  details: [
    "list  what is queued, with its money held and until when (default)",
    "drop  give one back: it is never sent. Anybody may, for it only narrows",
  ].join("\n"),
  arguments: [
    { name: "action", summary: "what to do, default list", choices: ACTIONS },
    { name: "act", summary: "drop: an act's name or its beginning, or its resource" },
  ],
  options: { stack: PROJECT_OPTIONS.stack },
  async run(call) {
    const [action = "list", drop] = call.arguments;
    if (action === "drop" && drop === undefined) return refuseMissing("queue drop", "act");
    const { queuedPurchases } = await import("../../index.ts");
    const query = { stack: call.texts.get("stack"), drop: action === "drop" ? drop : undefined };
    const outcome = await queuedPurchases(call.workplace, query);
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ stack, queued, dropped }: QueueResult): string {
  const [gone] = dropped;
  if (gone !== undefined)
    return `${gone.object ?? gone.kind} dropped, ${gone.held ?? "nothing"} given back`;
  if (queued.length === 0) return `nothing is queued on ${stack}`;
  return queued
    .map(
      ({ act, identity, kind, object, held, until }) =>
        `${act.slice(0, 16)}  ${kind} ${identity.resource} (${object ?? kind}): ${held ?? "nothing"} held until ${until ?? "?"}`,
    )
    .join("\n");
}
