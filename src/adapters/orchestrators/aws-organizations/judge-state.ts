import type { AccountState } from "./read-account.ts";

/** Why an account can't be entered; undefined: it can. Only one that is certainly closed is refused, for then another one may be made. */
export function judgeState(
  state: AccountState,
): { readonly kind: "refused" | "unknown"; readonly code: string } | undefined {
  switch (state) {
    case "active":
      return undefined;
    case "over":
      return { kind: "refused", code: "account_closed" };
    case "beginning":
      return { kind: "unknown", code: "under_way" };
    default:
      return { kind: "unknown", code: "account_unclear" };
  }
}
