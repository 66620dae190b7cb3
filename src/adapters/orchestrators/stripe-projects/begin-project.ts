import type { HeldProject } from "./command-line.ts";
import { isNothing, refuse, toFailure, toUnknown } from "./judge-envelope.ts";
import { judgeOwner } from "./judge-owner.ts";

export interface BeginProjectOptions {
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** The account is known already, so that a project must be there. */
  readonly isKnown: boolean;
  /** The flags that accept terms. */
  readonly terms: readonly string[];
}

/** The project of this folder, begun once: where one was recorded and the CLI knows none, something is wrong, and another would be a second account's. Undefined when it is there. */
export async function beginProject(
  { ask, project }: HeldProject,
  { name, email, isKnown, terms }: BeginProjectOptions,
): Promise<ReturnType<typeof toFailure> | undefined> {
  const wrong = judgeOwner(project, email);
  if (wrong?.code === "email_mismatch") return toFailure(wrong);
  const status = await ask("status");
  if (status.kind === "lost") return toFailure(status);
  const isNone = status.kind === "error" && status.code === "project_not_initialized";
  if (status.kind === "error" && !isNone) return refuse(status.code);
  if (project.owner() !== undefined || isKnown) {
    if (wrong !== undefined) return toFailure(wrong);
    return isNone ? { kind: "unknown", code: "project_missing" } : undefined;
  }
  // The CLI speaks of somebody's project in a folder above.
  if (!isNone) return refuse("project_foreign");
  const args = ["init", name, "--mode", "manual", "--skip-skills", ...terms, "--yes"];
  const checked = await ask(...args, "--preflight");
  if (checked.kind === "error") return refuse(checked.code);
  if (checked.kind === "lost") return toFailure(checked);
  try {
    project.record(email);
  } catch {
    // It may stand there all the same: then nothing is begun again, and a person is asked.
    return refuse("unreachable");
  }
  const begun = await ask(...args);
  if (begun.kind !== "ok") {
    if (isNothing(begun)) project.forget();
    return toFailure(begun);
  }
  const missing = judgeOwner(project, email);
  return missing && toUnknown(missing);
}
