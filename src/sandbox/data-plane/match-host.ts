import type { PlanePlan } from "./plan.ts";
import {
  compareSpecificity,
  matchesRoute,
  parseRoutePattern,
  type RoutePattern,
} from "./route-pattern.ts";

/** Finds which Worker answers a host and a path. */
export type HostMatcher = (host: string, path: string) => string | undefined;

/**
 * Host header -> host as deployed: lower case, without port, final dot and the suffix `.localhost`, which lets a browser reach
 * every deployed host on this machine.
 */
export function normaliseHost(header: string): string {
  const host = header.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  return host.endsWith(".localhost") ? host.slice(0, -".localhost".length) : host;
}

/** Routes win over whole hosts, the more specific route over the other; a route without a Worker answers nothing. */
export function createHostMatcher(
  plan: Pick<PlanePlan, "workers" | "hosts" | "routes">,
): HostMatcher {
  const deployed = new Set(plan.workers.map((worker) => worker.id));
  const routes = plan.routes
    .map((route) => ({ pattern: parseRoutePattern(route.pattern), worker: route.worker }))
    .filter((route): route is { pattern: RoutePattern; worker: string | undefined } =>
      Boolean(route.pattern),
    )
    .sort((left, right) => compareSpecificity(left.pattern, right.pattern));
  const hosts = new Map(plan.hosts.map(({ host, worker }) => [host, worker]));
  return (host, path) => {
    const route = routes.find(({ pattern }) => matchesRoute(pattern, host, path));
    const worker = route === undefined ? hosts.get(host) : route.worker;
    return worker !== undefined && deployed.has(worker) ? worker : undefined;
  };
}
