import type { Permission } from "../contract.ts";
import type { Grant } from "./lowering.ts";

/** Rights of all resources together, each once with those that need it, account before zone and then by name. */
export function collectPermissions(
  grants: readonly { readonly resource: string; readonly grant: Grant }[],
): { readonly permissions: readonly Permission[]; readonly zones: readonly string[] } {
  const byRight = new Map<string, { group: string; scope: Grant["scope"]; because: Set<string> }>();
  const zones = new Set<string>();
  for (const { resource, grant } of grants) {
    const key = `${grant.scope} ${grant.group}`;
    const { group, scope } = grant;
    const right = byRight.get(key) ?? { group, scope, because: new Set() };
    right.because.add(resource);
    byRight.set(key, right);
    if (grant.domain !== undefined) zones.add(grant.domain);
  }
  const permissions = [...byRight.keys()]
    .sort()
    .flatMap((key) => byRight.get(key) ?? [])
    .map(({ group, scope, because }) => ({ group, scope, because: [...because].sort() }));
  return { permissions, zones: [...zones].sort() };
}
