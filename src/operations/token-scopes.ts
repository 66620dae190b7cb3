import type { Lowered, LoweredValue } from "../adapters/vendors/contract.ts";
import type { Model } from "../compiler/2-model/model.ts";

/** What one access token of the stack may do at its provider, and which resources of the manifest need that. */
export interface TokenScope {
  readonly provider: string;
  /** The engine's name of the token. */
  readonly token: string;
  readonly ttlSeconds: number;
  /** Domains whose zones the rights on zones are limited to. */
  readonly zones: readonly string[];
  readonly permissions: readonly {
    readonly group: string;
    readonly scope: string;
    readonly because: readonly string[];
  }[];
}

/** The access tokens of a stack, as the edges of its manifest make them. */
export function listTokenScopes(
  { resources }: Model,
  lowered: readonly Lowered[],
): readonly TokenScope[] {
  const domains = new Map(
    resources.flatMap((node) => (node.kind === "domain" ? [[node.name, node.domain]] : [])),
  );
  return lowered.flatMap(({ provider, resources: list, permissions }) =>
    list
      .filter(({ type }) => type === "supercargo_access_token")
      .map(({ name, args }) => ({
        provider,
        token: name,
        ttlSeconds: typeof args.ttl_seconds === "number" ? args.ttl_seconds : 0,
        zones: listZones(args.zones, domains),
        permissions: permissions.map(({ group, scope, because }) => ({ group, scope, because })),
      })),
  );
}

function listZones(
  zones: LoweredValue | undefined,
  domains: ReadonlyMap<string, string>,
): readonly string[] {
  if (!Array.isArray(zones)) return [];
  return (zones as readonly LoweredValue[]).flatMap((zone) => {
    if (typeof zone === "string") return [zone];
    const isReference = typeof zone === "object" && "kind" in zone && zone.kind === "reference";
    return isReference ? (domains.get(zone.resource) ?? []) : [];
  });
}
