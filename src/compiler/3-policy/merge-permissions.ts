import type { Lowered } from "../../adapters/vendors/contract.ts";
import type { ProviderPermission } from "./policy-result.ts";

/** The rights of all access tokens: each once per provider and scope, with everything that needs it. */
export function mergePermissions(lowered: readonly Lowered[]): readonly ProviderPermission[] {
  const merged = new Map<string, ProviderPermission>();
  for (const { provider, permissions } of lowered)
    for (const permission of permissions) {
      const key = [provider, permission.group, permission.scope].join("\n");
      const because = new Set([...(merged.get(key)?.because ?? []), ...permission.because]);
      merged.set(key, { provider, ...permission, because: [...because].toSorted() });
    }
  return [...merged.keys()].toSorted().flatMap((key) => merged.get(key) ?? []);
}
