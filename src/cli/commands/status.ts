import type { Confirmation, LeaseStatus, StatusResult } from "../../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "../ask-person.ts";
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
  name: "status",
  summary: "show what is deployed, what it cost and what can be revoked",
  details:
    "Reads the engine's state and the ledger, and asks the orchestrators whether they answer.",
  arguments: [PROJECT_ARGUMENT],
  options: {
    ...PROJECT_OPTIONS,
    ...ENGINE_OPTION,
    "accept-state": {
      kind: "flag",
      summary: "take the engine's state as it is now, although no run left it so",
    },
    yes: LOCAL_YES_OPTION,
  },
  async run(call) {
    const { acceptState, statusProject } = await import("../../index.ts");
    if (call.flags.has("accept-state")) {
      const confirm = (by: Confirmation) =>
        askPerson(call, "Accept the state as it is, whoever changed it?", by);
      const accepted = await acceptState(call.workplace, { ...readProjectQuery(call), confirm });
      if (!accepted.ok) return { outcome: accepted, text: "" };
    }
    const outcome = await statusProject(call.workplace, readProjectQuery(call));
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

function describe(status: StatusResult): string {
  const { project, stack, deployed, resources, urls, money, leases, retained, open } = status;
  const state = deployed ? `is up with ${resources} resources` : "is not deployed";
  const live = leases.filter(
    ({ kind, resource }) =>
      !retained.some((kept) => kept.kind === kind && kept.resource === resource),
  );
  return [
    `${project} on ${stack} ${state}`,
    ...urls.map(({ resource, url, local }) => `${resource}: ${local ?? url}`),
    describeMoney(money),
    `ledger: ${status.ledger}`,
    ...list("ends with the stack or can be revoked", live),
    ...list("outlives the stack", retained),
    ...open.map(
      ({ resource, verb, kind, waiting, held, until }) =>
        `open: ${verb} ${kind} of ${resource}, ${waiting}${until === undefined ? "" : ` until ${until}`}${held === undefined ? "" : `, ${held} held`}`,
    ),
    ...status.orchestrators.map(
      ({ orchestrator, provider, healthy }) =>
        `orchestrator ${orchestrator} for ${provider}: ${healthy ? "answers" : "does not answer"}`,
    ),
    stack === "local" ? `sandbox: ${status.sandbox.running ? "runs" : "does not run"}` : "",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function list(title: string, leases: readonly LeaseStatus[]): readonly string[] {
  return leases.length === 0
    ? []
    : [`${title}:`, ...leases.map((lease) => `  ${describeLease(lease)}`)];
}
