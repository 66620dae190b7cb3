import type { Review, UpPlan, UpResult } from "../../index.ts";
import { askPerson } from "../ask-person.ts";
import type { Call, Command } from "../command.ts";
import { describeMoney } from "../describe-money.ts";
import {
  ENGINE_OPTION,
  PERSON_OPTION,
  PROJECT_ARGUMENT,
  PROJECT_OPTIONS,
  readProjectQuery,
} from "../project-options.ts";

const command: Command = {
  name: "up",
  summary: "make the stack what the manifest says",
  details: [
    "Shows the review first. The stack `local` is applied at once, in the sandbox, which keeps running;",
    "on any other stack a person must approve. A second run changes nothing and buys nothing.",
    "An agent removes nothing that holds data or that cannot be made again; with --person a person does.",
  ].join("\n"),
  arguments: [PROJECT_ARGUMENT],
  options: {
    ...PROJECT_OPTIONS,
    ...ENGINE_OPTION,
    ...PERSON_OPTION,
    yes: { kind: "flag", summary: "with --person: do not ask before something is lost" },
  },
  async run(call) {
    const { renderReviewText, upProject } = await import("../../index.ts");
    const onPlan = ({ review }: UpPlan) => showReview(call, review, renderReviewText);
    const confirm = (losses: number) =>
      askPerson(call, `Remove ${losses} resources and the data in them?`);
    const query = { ...readProjectQuery(call), onPlan, confirm };
    const outcome = await upProject(call.workplace, query);
    const text = outcome.ok ? describeUp(outcome.data) : "";
    return { outcome, text, hasShownFindings: true };
  },
};
export default command;

/** Shows the review to a person; a program gets it from `preview`. */
function showReview(
  { json, colors, workplace }: Call,
  review: Review,
  render: (review: Review, options: { readonly color: boolean }) => string,
): void {
  if (!json) workplace.progress.show(`\n${render(review, { color: colors })}`);
}

/** What was done, where it answers, what it cost. */
export function describeUp({ project, stack, changes, applied, urls, money }: UpResult): string {
  const counts = Object.entries(applied).map(([operation, count]) => `${count} ${operation}`);
  const what = changes === 0 ? "nothing to change" : counts.join(", ");
  return [
    `${project} on ${stack} is up: ${what}`,
    ...urls.map(
      ({ resource, url, local }) => `${resource}: ${local ?? url}${local ? ` (${url})` : ""}`,
    ),
    describeMoney(money),
  ].join("\n");
}
