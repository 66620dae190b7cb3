import type { Refused } from "./contract.ts";

/** A look that failed has made nothing, and says nothing about what was sent before. */
export function toUnsent({
  kind,
  code,
}: {
  readonly kind: "refused" | "unknown";
  readonly code: string;
}): Refused | { readonly kind: "unknown"; readonly code: string } {
  return kind === "refused" ? { kind, code, unsent: true } : { kind: "unknown", code };
}
