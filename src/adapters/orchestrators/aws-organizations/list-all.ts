import { listAt, memberAt } from "../../../util/json-access.ts";
import type { AwsPlace } from "./call-aws.ts";
import type { AwsFailure } from "./call-organizations.ts";
import { readOrganizations } from "./read-organizations.ts";

/** As many as the largest organisation has accounts, at 20 a page (AWS Organizations quotas). */
const PAGES_MAX = 2_500;

/** All that an action lists under `member`, page by page. A page may be empty and not the last. */
export async function listAll(
  place: AwsPlace,
  action: `List${string}`,
  input: object,
  member: string,
): Promise<{ readonly kind: "listed"; readonly rows: readonly unknown[] } | AwsFailure> {
  const all: unknown[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = next === undefined ? input : { ...input, NextToken: next };
    const answer = await readOrganizations(place, action, query);
    if (answer.kind !== "ok") return answer;
    const rows = listAt(answer.result, member);
    const token = memberAt(answer.result, "NextToken");
    if (rows === undefined) return { kind: "unknown", code: "malformed" };
    all.push(...rows);
    if (token === undefined || token === null) return { kind: "listed", rows: all };
    if (typeof token !== "string") return { kind: "unknown", code: "malformed" };
    next = token;
  }
  return { kind: "unknown", code: "too_large" };
}
