import type { AccountRequest } from "../contract.ts";

/** Keys of the tags by which an account is found that another request made. */
export const PRINCIPAL_TAG = "supercargo:principal";
export const PROJECT_TAG = "supercargo:project";

/** What a tag's value may hold (API reference, `Tag`). */
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

/** The tags of a request's account; a text that no tag may hold is left out. */
export function tagAccount({
  email,
  name,
  requestId,
}: Pick<AccountRequest, "email" | "name" | "requestId">): readonly {
  readonly Key: string;
  readonly Value: string;
}[] {
  const tags = [
    { Key: PRINCIPAL_TAG, Value: email.toLowerCase() },
    { Key: PROJECT_TAG, Value: name },
    { Key: "supercargo:request", Value: requestId },
  ];
  return tags.filter(({ Value }) => VALUE.test(Value));
}
