import type { Caller } from "./caller.ts";
import type { PermissionName } from "./permission-groups.ts";
import type { ZoneRecord } from "./zone-records.ts";

/** Methods that the API knows. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request that was let in. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** The path's variables, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Of a JSON endpoint; undefined when the request had no body. */
  readonly body: unknown;
  readonly caller: Caller;
  /** The `:account` of the path or the zone's account; empty for paths without either. */
  readonly accountId: string;
  /** The `:zone` of the path. */
  readonly zone: ZoneRecord | undefined;
}

/** One endpoint: the table of these is the API. */
export interface Route {
  readonly method: Method;
  /** Below `/client/v4`; `:name` takes one segment, a final `*name` the rest. `:account` and `:zone` are looked up and checked. */
  readonly path: string;
  /** Any one of these groups lets the call through; empty: any valid credential. */
  readonly needs: readonly PermissionName[];
  /** `raw` leaves the body to the handler, default `json`. */
  readonly body?: "json" | "raw" | undefined;
  /** `none`: the handler itself checks a credential of another kind. `inactive` lets disabled and expired tokens in too. Default `token`. */
  readonly auth?: "token" | "inactive" | "none" | undefined;
  /** Only an OAuth bearer or a token that a person owns may call it. */
  readonly needsPerson?: boolean | undefined;
  handle(call: Call): Response | Promise<Response>;
}

/** A route and the path's variables, or whether other methods of the path exist. */
export type RouteMatch =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly route: undefined; readonly isKnownPath: boolean };

/** Finds routes by method and path; a fixed segment wins over a variable. */
export function createRouteFinder(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch {
  const compiled = routes
    .map((route) => ({ route, segments: route.path.split("/").slice(1) }))
    .sort((left, right) => rank(right.segments) - rank(left.segments));
  return (method, path) => {
    const segments = path.split("/").slice(1);
    let isKnownPath = false;
    for (const { route, segments: pattern } of compiled) {
      const params = matchSegments(pattern, segments);
      if (params === undefined) continue;
      if (route.method === method) return { route, params };
      isKnownPath = true;
    }
    return { route: undefined, isKnownPath };
  };
}

function rank(segments: readonly string[]): number {
  return segments.filter((segment) => !/^[:*]/.test(segment)).length;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const isRest = part.startsWith("*");
    const raw = isRest ? segments.slice(index).join("/") : (segments[index] ?? "");
    if (raw === "") return undefined;
    const value = decode(raw);
    if (value === undefined) return undefined;
    if (isRest) return { ...params, [part.slice(1)]: value };
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== raw) return undefined;
  }
  return pattern.length === segments.length ? params : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
