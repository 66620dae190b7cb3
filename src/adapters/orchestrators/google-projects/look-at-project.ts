import type { Secret } from "../../../util/secret.ts";
import { callGoogle } from "./call-google.ts";
import type { GoogleFailure, GooglePlace } from "./google-place.ts";
import { type Project, readProject } from "./read-project.ts";

/** A project by its id. `hidden`: there is none, or it is not ours to see, which Google does not tell apart. */
export async function lookAtProject(
  place: GooglePlace,
  token: Secret,
  projectId: string,
): Promise<
  | { readonly kind: "project"; readonly project: Project }
  | { readonly kind: "hidden" }
  | GoogleFailure
> {
  const url = `${place.resourceManagerUrl}/v3/projects/${projectId}`;
  const answer = await callGoogle(place, token, "GET", url);
  if (answer.kind !== "ok") {
    const isHidden = answer.isAboutAsker === true || answer.code === "not_found";
    return answer.kind === "refused" && isHidden ? { kind: "hidden" } : answer;
  }
  const project = readProject(answer.result);
  return project?.projectId === projectId
    ? { kind: "project", project }
    : { kind: "unknown", code: "malformed" };
}
