import type { Refused } from "../contract.ts";
import { judgeState } from "./judge-state.ts";
import type { OrganizationAccount } from "./read-account.ts";

/** What came of a request: an account that can be entered, whose address has the request's `mark`, or why there is none. */
export type Made =
  | { readonly kind: "made"; readonly accountId: string; readonly mark: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string };

/** Whether an account that bears a request's mark is the one that was made for it, and can be entered. */
export function judgeAccount(
  { id, email, isCreated, state }: OrganizationAccount,
  mark: string,
): Made {
  if (!isCreated || !email.includes(mark)) return { kind: "unknown", code: "account_mismatch" };
  return judgeState(state) ?? { kind: "made", accountId: id, mark };
}
