import { listAt, textAt } from "../../../util/json-access.ts";
import type { AccountRequest, Refused } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import { PRINCIPAL_TAG, PROJECT_TAG } from "./account-tags.ts";
import type { AwsPlace } from "./call-aws.ts";
import type { AwsFailure } from "./call-organizations.ts";
import { listMembers } from "./list-members.ts";
import { readOrganizations } from "./read-organizations.ts";

/** An address that a request of ours was given (`name-account.ts`). */
const OWN_ADDRESS = /\+sc-[0-9a-f]{20}@/;

/**
 * The account that there is for a principal: the one that another request of the same project and principal made, by its tags, else the one whose root user has the
 * principal's address. Makes nothing.
 */
export async function findLinked(
  place: AwsPlace,
  { email, name }: Pick<AccountRequest, "email" | "name">,
): Promise<
  | { readonly kind: "found"; readonly accountId: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string }
> {
  const principal = email.toLowerCase();
  const all = await listMembers(place);
  if (all.kind !== "listed") return toUnsent(all);
  const active = all.members.filter(({ state }) => state === "active");
  const tagged: string[] = [];
  for (const account of active) {
    if (!OWN_ADDRESS.test(account.email)) continue;
    const tags = await readTags(place, account.id);
    if ("kind" in tags) return toUnsent(tags);
    if (tags.get(PRINCIPAL_TAG) === principal && tags.get(PROJECT_TAG) === name)
      tagged.push(account.id);
  }
  const [only, ...more] = tagged;
  if (more.length > 0) return { kind: "refused", code: "account_ambiguous", unsent: true };
  const accountId = only ?? active.find((account) => account.email === principal)?.id;
  return accountId === undefined
    ? { kind: "refused", code: "account_not_found" }
    : { kind: "found", accountId };
}

async function readTags(
  place: AwsPlace,
  id: string,
): Promise<ReadonlyMap<string, string> | AwsFailure> {
  const answer = await readOrganizations(place, "ListTagsForResource", { ResourceId: id });
  if (answer.kind !== "ok") return answer;
  const rows = listAt(answer.result, "Tags");
  if (rows === undefined) return { kind: "unknown", code: "malformed" };
  return new Map(
    rows.map((row) => [textAt(row, ["Key"]) ?? "", textAt(row, ["Value"]) ?? ""] as const),
  );
}
