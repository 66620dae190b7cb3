import { listAt, memberAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import type { AccountRequest, Refused } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import { callGoogle } from "./call-google.ts";
import type { GooglePlace } from "./google-place.ts";
import { nameProject } from "./name-project.ts";
import { readProject } from "./read-project.ts";

/** The project that another request of the same principal and project of ours made, by its labels. Makes nothing. */
export async function findLinked(
  place: GooglePlace,
  token: Secret,
  request: AccountRequest,
): Promise<
  | { readonly kind: "found"; readonly projectId: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string }
> {
  const { labels } = nameProject(request);
  const wanted = (["supercargo-principal", "supercargo-project"] as const).map(
    (name) => [name, labels[name]] as const,
  );
  const query = wanted.map(([name, value]) => `labels.${name}:${value}`).join(" ");
  const search = new URLSearchParams({ query: `${query} state:ACTIVE`, pageSize: "50" });
  const url = `${place.resourceManagerUrl}/v3/projects:search?${search}`;
  const answer = await callGoogle(place, token, "GET", url);
  if (answer.kind !== "ok") return toUnsent(answer);
  const rows = memberAt(answer.result, "projects");
  const list = rows === undefined ? [] : listAt(answer.result, "projects");
  if (list === undefined) return { kind: "unknown", code: "malformed" };
  // A search may find what is only like it.
  const own = list
    .map(readProject)
    .filter((one) => one !== undefined)
    .filter(
      (one) =>
        one.state === "active" &&
        one.parent === place.parent &&
        wanted.every(([name, value]) => one.label(name) === value),
    );
  const [only, ...more] = own;
  if (more.length > 0) return { kind: "refused", code: "account_ambiguous", unsent: true };
  return only === undefined
    ? { kind: "refused", code: "account_not_found" }
    : { kind: "found", projectId: only.projectId };
}
