import type { DestroyResult } from "../../index.ts";
import { askPerson, YES_OPTION } from "../ask-person.ts";
import type { Command } from "../command.ts";
import { describeLease } from "../describe-lease.ts";
import { describeMoney } from "../describe-money.ts";
import {
  ENGINE_OPTION,
  PROJECT_ARGUMENT,
  PROJECT_OPTIONS,
  readProjectQuery,
} from "../project-options.ts";

const command: Command = {
  name: "destroy",
  summary: "remove what the stack made, but never a domain",
  details:
    "All data goes, too. Registered domains and the accounts that hold them stay; a later `up` finds them again and buys nothing twice.",
  arguments: [PROJECT_ARGUMENT],
  options: { ...PROJECT_OPTIONS, ...ENGINE_OPTION, yes: YES_OPTION },
  async run(call) {
    const { destroyProject } = await import("../../index.ts");
    const confirm = (resources: number) =>
      askPerson(call, `Remove ${resources} resources and all data in them?`);
    const outcome = await destroyProject(call.workplace, { ...readProjectQuery(call), confirm });
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe({ project, stack, removed, kept, money }: DestroyResult): string {
  const what = removed === 0 ? "had nothing to remove" : `is gone: ${removed} resources removed`;
  const left = kept.map((lease) => `  ${describeLease(lease)}`);
  return [
    `${project} on ${stack} ${what}`,
    ...(left.length === 0 ? [] : ["left on purpose:", ...left]),
    describeMoney(money),
  ].join("\n");
}
