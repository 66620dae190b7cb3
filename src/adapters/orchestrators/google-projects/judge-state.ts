import type { Project } from "./read-project.ts";

/** Why a project can't be entered; undefined: it can. Only one that is certainly over is refused, for then another one may be made. */
export function judgeState({
  state,
}: Project): { readonly kind: "refused" | "unknown"; readonly code: string } | undefined {
  if (state === "active") return undefined;
  return state === "over"
    ? { kind: "refused", code: "account_closed" }
    : { kind: "unknown", code: "account_unclear" };
}
