import { memberAt, textAt } from "../../../util/json-access.ts";

/** A project as Resource Manager shows it. */
export interface Project {
  readonly projectId: string;
  readonly parent: string;
  /** `over`: somebody has deleted it, and Google shows that. `unclear`: a word that we do not know. */
  readonly state: "active" | "over" | "unclear";
  /** The label of a name; undefined where there is none. */
  label(name: string): string | undefined;
}

/** Undefined where it has another form. */
export function readProject(row: unknown): Project | undefined {
  const projectId = textAt(row, ["projectId"], /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  const parent = textAt(row, ["parent"]);
  const state = textAt(row, ["state"]);
  if (projectId === undefined || parent === undefined || state === undefined) return undefined;
  const labels = memberAt(row, "labels");
  return {
    ...{ projectId, parent },
    state: state === "ACTIVE" ? "active" : state === "DELETE_REQUESTED" ? "over" : "unclear",
    label: (name) => textAt(labels, [name]),
  };
}
