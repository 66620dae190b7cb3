/** A Worker route's pattern, split. */
export interface RoutePattern {
  /** Host without the leading `*` or `*.`. */
  readonly host: string;
  /** `exact` host, `.`-separated subdomains only (`*.`), or any prefix (`*`). */
  readonly hostWildcard: "exact" | "subdomain" | "prefix";
  /** Path without the final `*`, with a leading slash. */
  readonly path: string;
  readonly pathWildcard: boolean;
}

/**
 * Reads `example.com/*`, `*.example.com/api/*`, `*example.com/`. Undefined when a `*` stands elsewhere, or a query is given.
 *
 * Source: Workers docs, "Routes", matching behaviour.
 */
export function parseRoutePattern(text: string): RoutePattern | undefined {
  const bare = text.replace(/^https?:\/\//, "");
  if (bare.includes("?") || bare.includes("#")) return undefined;
  const slash = bare.indexOf("/");
  const hostText = (slash < 0 ? bare : bare.slice(0, slash)).toLowerCase();
  const pathText = slash < 0 ? "/" : bare.slice(slash);
  const hostWildcard = hostText.startsWith("*.")
    ? "subdomain"
    : hostText.startsWith("*")
      ? "prefix"
      : "exact";
  const host = hostText.replace(/^\*\.?/, "");
  const pathWildcard = pathText.endsWith("*");
  const path = pathWildcard ? pathText.slice(0, -1) : pathText;
  if (host.includes("*") || path.includes("*") || !/^[a-z0-9.-]+$/.test(host)) return undefined;
  return { host, hostWildcard, path, pathWildcard };
}

/** Whether the pattern matches; `host` is lower case without port, `path` begins with a slash. */
export function matchesRoute(pattern: RoutePattern, host: string, path: string): boolean {
  return matchesHost(pattern, host) && matchesPath(pattern, path);
}

function matchesHost(pattern: RoutePattern, host: string): boolean {
  if (pattern.hostWildcard === "exact") return host === pattern.host;
  if (pattern.hostWildcard === "prefix") return host.endsWith(pattern.host);
  return host.endsWith(`.${pattern.host}`);
}

function matchesPath(pattern: RoutePattern, path: string): boolean {
  return pattern.pathWildcard ? path.startsWith(pattern.path) : path === pattern.path;
}

const HOST_RANK = { exact: 2, subdomain: 1, prefix: 0 } as const;

/** Negative when `left` is the more specific one: exact host first, then longer host, then longer path. */
export function compareSpecificity(left: RoutePattern, right: RoutePattern): number {
  return (
    HOST_RANK[right.hostWildcard] - HOST_RANK[left.hostWildcard] ||
    right.host.length - left.host.length ||
    right.path.length - left.path.length ||
    Number(left.pathWildcard) - Number(right.pathWildcard)
  );
}
