import type { MigrationResult, UpPlan } from "../../index.ts";
import { askPerson } from "../ask-person.ts";
import type { Command } from "../command.ts";
import {
  PERSON_OPTION,
  PROJECT_ARGUMENT,
  PROJECT_OPTIONS,
  readProjectQuery,
} from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";

const command: Command = {
  name: "migrate",
  summary: "move a stack to another vendor with its data, in phases that can be resumed",
  details: [
    "create, copy, verify, switch names, retire. The app goes on where it is until the names are switched; requests wait",
    "while the last changes are carried over. What is broken off goes on when the command is run again. A person retires",
    "what is left; domains stay. Data is carried from Cloudflare to a container host so far.",
  ].join("\n"),
  arguments: [PROJECT_ARGUMENT],
  options: {
    to: { kind: "text", placeholder: "PROVIDER", summary: "where the stack goes: container" },
    plan: { kind: "flag", summary: "show the phases and how far they are, and do nothing" },
    ...PROJECT_OPTIONS,
    ...PERSON_OPTION,
    yes: { kind: "flag", summary: "with --person: do not ask before the old resources go" },
  },
  async run(call) {
    const to = call.texts.get("to");
    if (to === undefined) return refuseMissing("migrate", "`--to`");
    const { migrateProject, renderReviewText } = await import("../../index.ts");
    const outcome = await migrateProject(call.workplace, {
      ...readProjectQuery(call),
      to,
      planOnly: call.flags.has("plan"),
      onPlan({ review }: UpPlan) {
        const { json, colors, workplace } = call;
        if (!json) workplace.progress.show(`\n${renderReviewText(review, { color: colors })}`);
      },
      confirm: (losses) => askPerson(call, `Remove ${losses} resources and the data in them?`),
    });
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ project, stack, from, to, phases, checked, heldMs }: MigrationResult): string {
  const width = Math.max(...phases.map(({ phase }) => phase.length));
  const counts = Object.entries(checked).map(([resource, items]) => `${resource} ${items}`);
  return [
    `${project} on ${stack}, from ${from} to ${to}`,
    ...phases.map(
      ({ phase, state, does }) => `${state.padEnd(5)}  ${phase.padEnd(width)}  ${does}`,
    ),
    ...(counts.length > 0 ? [`compared: ${counts.join(", ")}`] : []),
    ...(heldMs === null ? [] : [`requests waited for ${(heldMs / 1000).toFixed(1)} s`]),
  ].join("\n");
}
