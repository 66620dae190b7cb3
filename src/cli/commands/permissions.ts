import type { PermissionReport } from "../../index.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { renderMatrix } from "../render-matrix.ts";
import { createPaint } from "../style.ts";

const command: Command = {
  name: "permissions",
  summary: "show who may do what, with which tokens, and what of it is new",
  details: [
    "The permission matrix of guardrails.yaml, compiled, with the place of the rule that decides; the rights of",
    "the access tokens that the manifest needs; and what changed since the stack was last applied.",
  ].join("\n"),
  arguments: [PROJECT_ARGUMENT],
  options: PROJECT_OPTIONS,
  async run(call) {
    const { describePermissions } = await import("../../index.ts");
    const outcome = await describePermissions(call.workplace, readProjectQuery(call));
    if (!outcome.ok) return { outcome, text: "" };
    return { outcome, text: describe(outcome.data, call.colors) };
  },
};
export default command;

function describe(report: PermissionReport, colors: boolean): string {
  const { project, stack, policy, tokens } = report;
  return [
    `${project} on ${stack}, policy ${policy.slice(0, 12)}`,
    "",
    renderMatrix(report, createPaint(colors)),
    "",
    ...describeTokens(tokens),
    "",
    ...describeChanges(report),
  ].join("\n");
}

function describeTokens(tokens: PermissionReport["tokens"]): readonly string[] {
  if (tokens.length === 0) return ["access tokens: none"];
  return tokens.flatMap(({ provider, token, ttlSeconds, zones, permissions }) => [
    `access token ${token} at ${provider}, for ${ttlSeconds / 60} minutes after each run`,
    ...permissions.map(({ group, scope, because }) => {
      const where = scope === "zone" ? `zone ${zones.join(", ")}` : scope;
      return `  ${group} (${where}) for ${because.join(", ")}`;
    }),
  ]);
}

function describeChanges({ changes }: PermissionReport): readonly string[] {
  if (changes === null) return ["changes: the stack was not applied yet"];
  const lines = [
    ...changes.widened.map((change) => `  + ${describeChange(change)}`),
    ...changes.narrowed.map((change) => `  - ${describeChange(change)}`),
    ...changes.scopesAdded.map((scope) => `  + token right ${scope}`),
    ...changes.scopesRemoved.map((scope) => `  - token right ${scope}`),
  ];
  if (lines.length === 0) return ["changes since the last up: none"];
  const gained = changes.widened.length + changes.scopesAdded.length;
  const verdict = gained === 0 ? "nobody gained access" : "access was gained";
  return [`changes since the last up: ${verdict}`, ...lines];
}

type Change = NonNullable<PermissionReport["changes"]>["widened"][number];

function describeChange({ subject, verb, kinds, stack, before, after, amount }: Change): string {
  const about = amount === undefined ? "" : ` for ${amount}`;
  return `${subject} ${verb} ${kinds.join(", ")} (${stack}): ${before} -> ${after}${about}`;
}
