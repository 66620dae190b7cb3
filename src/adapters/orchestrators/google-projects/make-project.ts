import { memberAt, textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import type { AccountRequest, Refused } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import { callGoogle } from "./call-google.ts";
import type { GoogleFailure, GooglePlace } from "./google-place.ts";
import { judgeState } from "./judge-state.ts";
import { lookAtProject } from "./look-at-project.ts";
import { nameProject, type ProjectNames } from "./name-project.ts";
import type { Project } from "./read-project.ts";

export type Made =
  | { readonly kind: "made"; readonly projectId: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string };

/** Looks at what is being made, and seconds between two of them: about two minutes, in which Google is usually done. */
const LOOKS = 30;
const PAUSE_SECONDS_MAX = 5;
const OPERATION = /^operations\/[A-Za-z0-9._-]{1,200}$/;
/** Codes of a failed operation (google.rpc.Code) that are about something else than who asks. */
const OPERATION_CODES: Readonly<Record<number, string>> = {
  3: "invalid_argument",
  6: "already_exists",
  8: "resource_exhausted",
  9: "failed_precondition",
};

/**
 * The one project of a request. An id is one project's in the world, for ever, and the request's own is derived from it, so that a second project can't be, whatever
 * was lost, and nothing has to be remembered. A project with that id is only taken where it lies in our parent and bears the request's label.
 */
export async function makeProject(
  place: GooglePlace,
  token: Secret,
  request: AccountRequest,
): Promise<Made> {
  const names = nameProject(request);
  const seen = await lookAtProject(place, token, names.projectId);
  if (seen.kind === "project") return judge(place, seen.project, names);
  if (seen.kind !== "hidden") return toUnsent(seen);
  const { parent, resourceManagerUrl } = place;
  const body = { ...names, parent };
  const sent = await callGoogle(place, token, "POST", `${resourceManagerUrl}/v3/projects`, body);
  if (sent.kind !== "ok") {
    if (sent.code === "already_exists") return await awaitProject(place, token, names);
    return sent.isAboutAsker ? toUnsent(sent) : { kind: sent.kind, code: sent.code };
  }
  const end = await follow(place, token, sent.result);
  if (end === "done" || (end.kind === "refused" && end.code === "already_exists"))
    return awaitProject(place, token, names);
  return end.kind === "refused" && end.isAboutAsker
    ? toUnsent(end)
    : { kind: end.kind, code: end.code };
}

/** Waits until an operation is done. */
async function follow(
  place: GooglePlace,
  token: Secret,
  begun: unknown,
): Promise<"done" | GoogleFailure> {
  const name = textAt(begun, ["name"], OPERATION);
  if (name === undefined) return { kind: "unknown", code: "malformed" };
  let operation = begun;
  for (let look = 1; look <= LOOKS; look++) {
    const code = memberAt(operation, "error", "code");
    if (memberAt(operation, "done") === true)
      return typeof code === "number" ? explain(code) : "done";
    await place.sleep(Math.min(look, PAUSE_SECONDS_MAX) * 1000);
    const url = `${place.resourceManagerUrl}/v3/${name}`;
    const answer = await callGoogle(place, token, "GET", url);
    if (answer.kind !== "ok") return { kind: "unknown", code: answer.code };
    operation = answer.result;
  }
  return { kind: "unknown", code: "under_way" };
}

function explain(code: number): GoogleFailure {
  // PERMISSION_DENIED and UNAUTHENTICATED.
  if (code === 7 || code === 16)
    return { kind: "refused", code: "unauthorized", isAboutAsker: true };
  const name = OPERATION_CODES[code];
  return name === undefined
    ? { kind: "unknown", code: "operation_failed" }
    : { kind: "refused", code: name };
}

/** A project that there is, or that is being made, is seen in the end, unless it is somebody else's: no other id is ever tried. */
async function awaitProject(place: GooglePlace, token: Secret, names: ProjectNames): Promise<Made> {
  for (let look = 1; look <= LOOKS; look++) {
    const seen = await lookAtProject(place, token, names.projectId);
    if (seen.kind === "project") return judge(place, seen.project, names);
    if (seen.kind !== "hidden") return { kind: "unknown", code: seen.code };
    await place.sleep(Math.min(look, PAUSE_SECONDS_MAX) * 1000);
  }
  return { kind: "unknown", code: "project_hidden" };
}

function judge(place: GooglePlace, project: Project, { projectId, labels }: ProjectNames): Made {
  const label = "supercargo-request";
  if (project.parent !== place.parent || project.label(label) !== labels[label])
    return { kind: "unknown", code: "account_mismatch" };
  return judgeState(project) ?? { kind: "made", projectId };
}
