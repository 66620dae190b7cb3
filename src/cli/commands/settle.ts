import type { DoubtListing, SettleResult } from "../../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "../ask-person.ts";
import type { Answer, Call, Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";

const CLAIMS = ["happened", "never-happened", "ended"] as const;

const command: Command = {
  name: "settle",
  summary: "list acts that were sent and have no answer; a person says how one ended",
  details:
    "Their money stays held until it is known whether the provider has acted. `up` asks again by itself; what stays unknown, a person looks up at the provider and settles. The provider is looked at once more first, and its certain answer wins. What was settled is never sent again. On a live stack the person must confirm on a terminal.",
  arguments: [
    { name: "act", summary: "an act's name or its beginning, or its resource; default: list them" },
    PROJECT_ARGUMENT,
  ],
  options: {
    stack: PROJECT_OPTIONS.stack,
    guardrails: PROJECT_OPTIONS.guardrails,
    happened: { kind: "flag", summary: "it has happened: what it cost is captured" },
    amount: {
      kind: "text",
      placeholder: "MONEY",
      summary: "with --happened: what was charged, `10.44 USD`; default: all that is held",
    },
    "never-happened": { kind: "flag", summary: "nothing came of it: its money is given back" },
    ended: {
      kind: "flag",
      summary: "a service that was settled as happened is gone: its renewals count no more",
    },
    yes: LOCAL_YES_OPTION,
  },
  async run(call) {
    const [act, path] = call.arguments;
    const claims = CLAIMS.filter((claim) => call.flags.has(claim));
    const [claim] = claims;
    // Without a claim nothing is settled, so the only argument is the project's.
    if (claim === undefined) return list(call);
    if (act === undefined || claims.length > 1) return refuseMissing("settle", "act and one claim");
    const { settleAct } = await import("../../index.ts");
    const outcome = await settleAct(call.workplace, {
      ...{ ...readProjectQuery(call), path, act, claim, amount: call.texts.get("amount") },
      confirm: ({ object, kind, provider, held = "nothing" }, by) =>
        askPerson(
          call,
          `The provider ${provider} shows nothing certain. Settle ${object ?? kind} (${held} held) as ${claim}?`,
          by,
        ),
    });
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

async function list(call: Call): Promise<Answer> {
  const { listOpenDoubts } = await import("../../index.ts");
  const outcome = await listOpenDoubts(call.workplace, readProjectQuery(call));
  return { outcome, text: outcome.ok ? tell(outcome.data) : "" };
}

function tell({ doubts, stack }: DoubtListing): string {
  if (doubts.length === 0)
    return `nothing to settle on ${stack}: every act that was sent has its answer`;
  return doubts
    .map(
      ({
        act,
        identity,
        kind,
        verb,
        provider,
        via,
        held,
        waiting,
        since,
        attempts,
        object,
        lookFor,
      }) => {
        const times = attempts === 1 ? "once" : `${attempts} times under one key`;
        const way = via === provider ? provider : `${provider} by ${via}`;
        return [
          `${act.slice(0, 16)}  ${verb} ${kind} ${identity.resource}${object === undefined ? "" : ` (${object})`}`,
          `  held ${held ?? "nothing"} since ${since}, ${waiting}`,
          ...(attempts > 0 ? [`  sent to ${way} ${times}`] : []),
          `  look there for ${lookFor}`,
        ].join("\n");
      },
    )
    .join("\n");
}

function describe({ doubt, outcome, by, captured, released }: SettleResult): string {
  const what = doubt.object ?? `${doubt.verb} ${doubt.kind}`;
  const source = by === "provider" ? "as the provider shows" : "by your word";
  const end = outcome === "never-happened" ? "never happened" : outcome.replace("-", " ");
  return [
    `${what}: ${end}, ${source}`,
    ...(captured === undefined ? [] : [`  ${captured} captured`]),
    ...(released === undefined ? [] : [`  ${released} given back`]),
  ].join("\n");
}
