import type { AwsPlace } from "./call-aws.ts";
import type { AwsFailure } from "./call-organizations.ts";
import { listAll } from "./list-all.ts";
import { type OrganizationAccount, readAccount } from "./read-account.ts";

/** All accounts of the organisation but the one that manages it. */
export async function listMembers(
  place: AwsPlace,
): Promise<
  { readonly kind: "listed"; readonly members: readonly OrganizationAccount[] } | AwsFailure
> {
  const answer = await listAll(place, "ListAccounts", {}, "Accounts");
  if (answer.kind !== "listed") return answer;
  const all = answer.rows.map(readAccount);
  if (all.includes(undefined)) return { kind: "unknown", code: "malformed" };
  const members = all.filter((one) => one !== undefined).filter(({ isManaging }) => !isManaging);
  return { kind: "listed", members };
}
