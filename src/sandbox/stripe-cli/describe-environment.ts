import { memberAt } from "../../util/json-access.ts";
import type { CliQuestion } from "./cli-question.ts";
import type { ProjectRecord } from "./cli-records.ts";
import { type Reply, refuse } from "./envelope.ts";
import { linkAccount, type StripeSide } from "./link-account.ts";

/** `env`: what is printed is redacted; with `--pull` the file holds the credentials, those of a plan being the account's. */
export async function describeEnvironment(
  side: StripeSide,
  { flags }: CliQuestion,
  project: ProjectRecord,
): Promise<Reply> {
  const data = { resource_access_configurations: [], project_variables: [] };
  if (!flags.includes("pull")) return { ok: true, data };
  const lines: string[] = [];
  for (const row of side.records.rows.list().filter((one) => one.project === project.id)) {
    const linked = await linkAccount(side, project, row.provider);
    if (linked.kind !== "linked") return refuse("PROVIDER_NOT_LINKED", "Link the provider first.");
    const prefix = row.name.toUpperCase().replaceAll("-", "_");
    const { accessToken, link } = linked;
    if (row.kind === "plan")
      lines.push(`${prefix}_ACCOUNT_ID=${link.accountId}`, `${prefix}_API_TOKEN=${accessToken}`);
    const { provider } = row;
    const path = `/provisioning/resources/${row.remoteId}`;
    const seen = await side.line({ provider, method: "GET", path, accessToken });
    if (seen === undefined || seen.status >= 300)
      return refuse("UNKNOWN_ERROR", "500 Internal Server Error");
    const access = memberAt(seen.body, "complete", "access_configuration") ?? {};
    for (const [name, value] of Object.entries(access))
      lines.push(`${prefix}_${name.toUpperCase()}="${String(value)}"`);
  }
  return { ok: true, data, environment: `# Stripe Projects\n${lines.join("\n")}\n` };
}
