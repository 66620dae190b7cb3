import { textAt } from "../../../util/json-access.ts";
import type { AwsPlace } from "./call-aws.ts";
import type { AwsFailure } from "./call-organizations.ts";
import { listAll } from "./list-all.ts";
import { listMembers } from "./list-members.ts";
import type { AccountNames } from "./name-account.ts";
import type { OrganizationAccount } from "./read-account.ts";

/** What there is of a request at AWS. */
export type Own =
  | { readonly kind: "account"; readonly account: OrganizationAccount }
  /** AWS is making it; the id of its request there. */
  | { readonly kind: "under-way"; readonly id: string }
  | { readonly kind: "nothing" };

/** Id of a request to make an account (API reference, `CreateAccountStatus`). */
const REQUEST_ID = /^car-[a-z0-9]{8,32}$/;

/** Looks for what a request has made so far: what is under way first, for it may be done in between. */
export async function findOwn(place: AwsPlace, names: AccountNames): Promise<Own | AwsFailure> {
  const states = { States: ["IN_PROGRESS"] };
  const open = await listAll(place, "ListCreateAccountStatus", states, "CreateAccountStatuses");
  if (open.kind !== "listed") return open;
  const row = open.rows.find((one) => textAt(one, ["AccountName"]) === names.accountName);
  const id = textAt(row, ["Id"], REQUEST_ID);
  if (id !== undefined) return { kind: "under-way", id };
  const all = await listMembers(place);
  if (all.kind !== "listed") return all;
  const account = all.members.find(({ email }) => email.includes(names.mark));
  return account === undefined ? { kind: "nothing" } : { kind: "account", account };
}
