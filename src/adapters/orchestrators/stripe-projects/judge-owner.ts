import type { ProjectFolder } from "./project-folder.ts";
import type { Lost } from "./read-envelope.ts";

/** Why nothing may be asked in this folder for the person; undefined when the project that was begun here is that person's. */
export function judgeOwner(project: ProjectFolder, email: string): Lost | undefined {
  const owner = project.owner();
  if (owner !== undefined && owner !== email) return { kind: "lost", code: "email_mismatch" };
  // Without the CLI's own files it would speak of a project of somebody's own in a folder above.
  const isHere = owner !== undefined && project.isBegun();
  return isHere ? undefined : { kind: "lost", code: "project_missing" };
}
