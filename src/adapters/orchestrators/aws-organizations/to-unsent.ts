import type { Refused } from "../contract.ts";
import type { AwsFailure } from "./call-organizations.ts";

/** A look that failed has made nothing, and says nothing about what was sent before. */
export function toUnsent({
  kind,
  code,
}: AwsFailure): Refused | { readonly kind: "unknown"; readonly code: string } {
  return kind === "refused" ? { kind, code, unsent: true } : { kind: "unknown", code };
}
