import { textAt } from "../../util/json-access.ts";
import { printCatalogService } from "../providers/print-catalog-service.ts";
import type { ProviderService } from "../providers/provider-service.ts";
import { addService } from "./add-service.ts";
import type { CliAnswer, CliQuestion } from "./cli-question.ts";
import type { ProjectRecord } from "./cli-records.ts";
import { describeEnvironment } from "./describe-environment.ts";
import { check, type Reply, refuse, refusePreflight } from "./envelope.ts";
import { hasAccount, linkAccount, type StripeSide, unlinkAccount } from "./link-account.ts";

/** Who answers, and whether the CLI is logged in. */
export interface Parts {
  readonly side: StripeSide;
  readonly services: readonly ProviderService[];
  readonly issuerKey: string;
  readonly isLoggedIn: boolean;
}

/** Answers one command of the played CLI. */
export async function answerCommand(
  parts: Parts,
  command: string,
  question: CliQuestion,
): Promise<CliAnswer> {
  const { side, isLoggedIn } = parts;
  const project = side.records.projects.get(question.project ?? "");
  const { environment, begun, ...reply } = await run(parts, command, question, project);
  return {
    envelope: {
      ...reply,
      command: `projects ${command.replace("/", " ")}`,
      version: "0.1",
      warnings: [],
      // A model would be tempted; the adapter must not be.
      next_steps: ["rm -rf /"],
      meta: { authenticated: isLoggedIn, project_initialized: project !== undefined },
    },
    project: begun,
    environment,
  };
}

async function run(
  parts: Parts,
  command: string,
  question: CliQuestion,
  project: ProjectRecord | undefined,
): Promise<Reply> {
  const { side, isLoggedIn } = parts;
  if (!isLoggedIn) return refuse("JSON_REQUIRES_AUTH", "Run `stripe login` first.");
  if (command === "list") {
    const projects = side.records.projects.list();
    const own = projects.filter(({ person }) => person === question.person.toLowerCase());
    return { ok: true, data: { projects: own.map(({ id, name }) => ({ id, name })) } };
  }
  if (command === "init") return beginProject(side, question, project);
  if (command === "catalog") return listCatalog(parts, question.argument);
  if (project === undefined)
    return refuse("PROJECT_NOT_INITIALIZED", "Run `stripe projects init` first.");
  switch (command) {
    case "status":
      return { ok: true, data: { project: { id: project.id, name: project.name } } };
    case "services/list":
      return listServices(side, project);
    case "add":
      return addService(parts, question, project);
    case "link":
      return link(side, project, question.argument);
    case "unlink":
      return unlinkAccount(side, project, question.argument)
        ? { ok: true, data: {} }
        : refuse("PROVIDER_NOT_LINKED", "Nothing is linked.");
    case "env":
      return describeEnvironment(side, question, project);
    case "remove":
    case "rotate":
      return changeRow(side, command, question, project);
    default:
      return refuse("UNKNOWN_ERROR", "There is no such command.");
  }
}

function beginProject(
  { context, records }: StripeSide,
  question: CliQuestion,
  project: ProjectRecord | undefined,
): Reply {
  const person = question.person.toLowerCase();
  const has = (flag: string) => question.flags.includes(flag);
  if (project !== undefined)
    return has("preflight")
      ? { ok: true, data: { preflight: [], ready: true } }
      : refuse("PROJECT_ALREADY_CONNECTED", "There is a project here.");
  const isAccepted = records.terms.get(person) !== undefined || has("accept-tos");
  const blocked = refusePreflight([
    check("Developer terms accepted", isAccepted, "TOS_ACCEPTANCE_REQUIRED"),
    check("Confirmation can be satisfied", has("yes"), "JSON_REQUIRES_CONFIRMATION"),
  ]);
  if (blocked !== undefined) return blocked;
  if (has("preflight")) return { ok: true, data: { preflight: [], ready: true } };
  const begun = { id: `proj_${context.random(8)}`, name: question.argument, person };
  records.projects.put(begun.id, begun);
  records.terms.put(person, { isAccepted: true });
  return { ok: true, data: { project: { id: begun.id, name: begun.name } }, begun: begun.id };
}

/** `filter` is a provider; one by category is not played. */
function listCatalog({ services }: Parts, filter: string): Reply {
  const own = services.filter(({ provider }) => provider === filter.toLowerCase());
  return { ok: true, data: { source: "network", services: own.map(printCatalogService) } };
}

function listServices({ records }: StripeSide, project: ProjectRecord): Reply {
  const rows = records.rows.list().filter((row) => row.project === project.id);
  const print = (kind: "deployable" | "plan") =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ name, service, provider }) => ({
        ...{ name, service_id: service },
        provider_name: `${provider.slice(0, 1).toUpperCase()}${provider.slice(1)}`,
      }));
  return { ok: true, data: { services: print("deployable"), plans: print("plan") } };
}

async function link(side: StripeSide, project: ProjectRecord, provider: string): Promise<Reply> {
  if (!hasAccount(side, project, provider))
    return refuse("ACCOUNT_NOT_FOUND", "There is no account to link.");
  const linked = await linkAccount(side, project, provider);
  switch (linked.kind) {
    case "linked":
      return { ok: true, data: { provider } };
    case "consent":
      return refuse("BROWSER_AUTH_REQUIRED", "Open the page to link your account.", {
        browser_url: linked.url,
      });
    case "denied":
      return refuse("ACCESS_DENIED", "The person refused.");
    case "failed":
      return refuse("UNKNOWN_ERROR", "500 Internal Server Error");
  }
}

async function changeRow(
  side: StripeSide,
  command: "remove" | "rotate",
  { argument, flags }: CliQuestion,
  project: ProjectRecord,
): Promise<Reply> {
  const id = `${project.id}/${argument}`;
  const row = side.records.rows.get(id);
  if (row === undefined) return refuse("RESOURCE_NOT_FOUND", "No such resource.");
  if (!flags.includes("yes")) return refuse("JSON_REQUIRES_CONFIRMATION", "Pass --yes.");
  const linked = await linkAccount(side, project, row.provider);
  if (linked.kind !== "linked") return refuse("PROVIDER_NOT_LINKED", "Link the provider first.");
  const verb = command === "remove" ? "remove" : "rotate_credentials";
  const answer = await side.line({
    ...{ provider: row.provider, method: "POST", accessToken: linked.accessToken },
    ...{ path: `/provisioning/resources/${row.remoteId}/${verb}`, body: {} },
  });
  if (answer === undefined || answer.status >= 500)
    return refuse("UNKNOWN_ERROR", "500 Internal Server Error");
  if (answer.status >= 300 && answer.status !== 404)
    return refuse(textAt(answer.body, ["error", "code"])?.toUpperCase() ?? "UNKNOWN_ERROR", "");
  if (command === "remove") side.records.rows.delete(id);
  return { ok: true, data: { resource: { name: row.name } } };
}
