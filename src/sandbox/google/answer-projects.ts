import { memberAt, textAt } from "../../util/json-access.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { type GoogleProject, googleProjects } from "./google-records.ts";
import type { ServiceAccount } from "./open-service-account.ts";
import { refuseGoogle } from "./refuse-google.ts";

/** Looks at a project that is being made, until it is there. */
const LOOKS = 2;

/** Resource Manager v3: `projects.create`, `projects.get`, `projects.search`, `operations.get`. */
export function answerProjects(
  context: SandboxContext,
  { parent }: ServiceAccount,
  { method, url, body }: { readonly method: string; readonly url: URL; readonly body: unknown },
): Response {
  const { store } = context;
  const path = url.pathname.replace(/^.*\/v3\//, "");
  const describe = (project: GoogleProject) => describeProject(project, parent);
  if (method === "POST" && path === "projects")
    return textAt(body, ["parent"]) === parent
      ? beginProject(context, body)
      : refuseGoogle("PERMISSION_DENIED");
  if (method !== "GET") return refuseGoogle("NOT_FOUND");
  if (path === "projects:search") {
    const words = (url.searchParams.get("query") ?? "").split(" ");
    const found = googleProjects(store).list().filter(matches(words)).map(describe);
    return Response.json(found.length === 0 ? {} : { projects: found });
  }
  const known = googleProjects(store)
    .list()
    .find(({ projectId, operation }) => [`projects/${projectId}`, operation].includes(path));
  const project = known && advance(context, known);
  if (path.startsWith("operations/"))
    return project === undefined
      ? refuseGoogle("NOT_FOUND")
      : Response.json(describeOperation(project, describe));
  // What is not there and what nobody may see are one to Google.
  return project?.state === "ACTIVE"
    ? Response.json(describe(project))
    : refuseGoogle("PERMISSION_DENIED");
}

function beginProject({ store, now, random }: SandboxContext, body: unknown): Response {
  const projectId = textAt(body, ["projectId"], /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  const displayName = textAt(body, ["displayName"], /^[A-Za-z0-9 '"!-]{4,30}$/);
  const labels = readLabels(memberAt(body, "labels"));
  if (projectId === undefined || displayName === undefined || labels === undefined)
    return refuseGoogle("INVALID_ARGUMENT");
  if (/google|null|undefined|ssl/.test(projectId)) return refuseGoogle("INVALID_ARGUMENT");
  if (googleProjects(store).get(projectId) !== undefined) return refuseGoogle("ALREADY_EXISTS");
  const digits = String(BigInt(`0x${random(5)}`));
  const project: GoogleProject = {
    ...{ projectId, displayName, labels, number: digits, operation: `operations/cp.${digits}` },
    ...{ state: "CREATING", looks: 0, billingAccount: "", createdAt: now() },
  };
  googleProjects(store).put(projectId, project);
  return Response.json({ name: project.operation });
}

/** What a look shows of a project; the second one, that it is there. */
function advance({ store }: SandboxContext, project: GoogleProject): GoogleProject {
  if (project.state === "ACTIVE") return project;
  const looks = project.looks + 1;
  const next: GoogleProject = {
    ...{ ...project, looks },
    state: looks < LOOKS ? "CREATING" : "ACTIVE",
  };
  googleProjects(store).put(next.projectId, next);
  if (next.state === "CREATING") return next;
  store.collection<AccountRecord>("accounts").put(`gcp/${next.projectId}`, {
    ...{ provider: "gcp", accountId: next.projectId, email: "", name: next.displayName },
    ...{ requestId: next.operation, closed: false },
    createdAt: new Date(next.createdAt).toISOString(),
  });
  return next;
}

function describeProject(project: GoogleProject, parent: string) {
  const { projectId, number, displayName, labels, state, createdAt } = project;
  const createTime = new Date(createdAt).toISOString();
  return { name: `projects/${number}`, projectId, parent, displayName, labels, state, createTime };
}

function describeOperation(
  project: GoogleProject,
  describe: (project: GoogleProject) => object,
): object {
  const { operation: name, state } = project;
  return state === "CREATING" ? { name } : { name, done: true, response: describe(project) };
}

/** `labels.<name>:<value>` and `state:ACTIVE`, all of which must hold. */
function matches(words: readonly string[]) {
  return ({ labels, state }: GoogleProject): boolean =>
    words.every((word) => {
      const [, name = "", value] = /^labels\.([a-z-]+):(.+)$/.exec(word) ?? [];
      return value === undefined ? word === `state:${state}` : labels[name] === value;
    });
}

function readLabels(value: unknown): GoogleProject["labels"] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const isFit = entries.every(
    ([name, text]) =>
      /^[a-z][a-z0-9_-]{0,62}$/.test(name) &&
      typeof text === "string" &&
      /^[a-z0-9_-]{0,63}$/.test(text),
  );
  return isFit ? (Object.fromEntries(entries) as GoogleProject["labels"]) : undefined;
}
