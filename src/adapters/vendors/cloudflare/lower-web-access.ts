import type { LoweredResource } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import { lowerText } from "./lower-text.ts";
import {
  accountResource,
  type Context,
  type Grant,
  type WebNode,
  zoneResource,
} from "./lowering.ts";
import { type WebRoute, webRoutes } from "./web-routes.ts";

/**
 * The ways to an app or site: its `workers.dev` name while it has no route, else one custom domain per whole host and one
 * Workers route per other pattern. Attaching a custom domain needs no right on the zone (Workers API, "Attach Domain").
 */
export function lowerWebAccess(
  context: Context,
  node: WebNode,
): {
  readonly resources: readonly LoweredResource[];
  readonly grants: readonly Grant[];
} {
  const routes = webRoutes(context, node);
  if (routes.length === 0) return { resources: [lowerSubdomain(node)], grants: [] };
  const grants: Grant[] = routes.flatMap(({ kind, domain }) =>
    kind === "route" ? [{ group: "Workers Routes Write", scope: "zone", domain }] : [],
  );
  const resources = routes.map((route) =>
    route.kind === "domain" ? lowerHost(context, node, route) : lowerRoute(context, node, route),
  );
  return { resources, grants };
}

function lowerSubdomain({ name }: WebNode): LoweredResource {
  return accountResource(`${name}.subdomain`, name, "cloudflare_workers_script_subdomain", {
    script_name: ref(name, "script_name"),
    enabled: true,
    previews_enabled: false,
  });
}

function lowerHost(context: Context, node: WebNode, route: WebRoute): LoweredResource {
  return accountResource(route.name, node.name, "cloudflare_workers_custom_domain", {
    hostname: lowerText(context, route.host),
    service: ref(node.name, "script_name"),
    // Read back in any case, and a difference replaces the custom domain.
    ...(route.domain !== undefined && { zone_id: ref(route.domain, "zone_id") }),
  });
}

function lowerRoute(context: Context, node: WebNode, route: WebRoute): LoweredResource {
  if (route.domain === undefined) throw new Error("a route on a host without a zone");
  return zoneResource(route.name, node.name, "cloudflare_workers_route", route.domain, {
    pattern: lowerText(context, route.pattern),
    script: ref(node.name, "script_name"),
  });
}
