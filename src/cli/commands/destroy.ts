import { createInterface } from "node:readline/promises";
import type { DestroyResult } from "../../index.ts";
import type { Call, Command } from "../command.ts";
import { describeLease } from "../describe-lease.ts";
import { describeMoney } from "../describe-money.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";

const command: Command = {
  name: "destroy",
  summary: "remove what the stack made, but never a domain",
  details:
    "All data goes, too. Registered domains and the accounts that hold them stay; a later `up` finds them again and buys nothing twice.",
  arguments: [PROJECT_ARGUMENT],
  options: { ...PROJECT_OPTIONS, yes: { kind: "flag", summary: "do not ask" } },
  async run(call) {
    const { destroyProject } = await import("../../index.ts");
    const confirm = (resources: number) => confirmEnd(call, resources);
    const outcome = await destroyProject(call.workplace, { ...readProjectQuery(call), confirm });
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

/** Asks on a terminal only; elsewhere silence is a no. */
async function confirmEnd(call: Call, resources: number): Promise<boolean> {
  if (call.flags.has("yes")) return true;
  if (!call.interactive || call.json) return false;
  const { signal } = call.workplace;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(
      `Remove ${resources} resources and all data in them? Type yes: `,
      { signal },
    );
    return answer.trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}

function describe({ project, stack, removed, kept, money }: DestroyResult): string {
  const what = removed === 0 ? "had nothing to remove" : `is gone: ${removed} resources removed`;
  const left = kept.map((lease) => `  ${describeLease(lease)}`);
  return [
    `${project} on ${stack} ${what}`,
    ...(left.length === 0 ? [] : ["left on purpose:", ...left]),
    describeMoney(money),
  ].join("\n");
}
