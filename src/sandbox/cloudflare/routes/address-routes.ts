import { parseRoutePattern } from "../../data-plane/route-pattern.ts";
import type { Api } from "../api.ts";
import { isBody, text } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { CustomDomainRecord, RouteRecord, ZoneRecord } from "../zone-records.ts";
import { SCRIPTS_READ, SCRIPTS_WRITE } from "./script-routes.ts";

const ROUTES_READ = ["Workers Routes Read", "Workers Routes Write"] as const;
const ROUTES_WRITE = ["Workers Routes Write"] as const;
const ROUTES = "/zones/:zone/workers/routes";
const DOMAINS = "/accounts/:account/workers/domains";

/** Where Workers answer in a zone: routes and custom domains (API docs, Workers, Routes and Domains). */
export function addressRoutes(api: Api): readonly Route[] {
  return [...routeRoutes(api), ...customDomainRoutes(api)];
}

function routeRoutes(api: Api): readonly Route[] {
  const { routes } = api.records;
  const withZone = (work: (zone: ZoneRecord, call: Call) => Response) => (call: Call) =>
    call.zone === undefined ? fail(404, 1001, "Invalid zone identifier") : work(call.zone, call);
  const withRoute = (work: (route: RouteRecord, zone: ZoneRecord, call: Call) => Response) =>
    withZone((zone, call) => {
      const route = routes.get(call.params.route ?? "");
      return route?.zoneId === zone.id
        ? work(route, zone, call)
        : fail(404, 10009, "The route does not exist.");
    });
  return [
    {
      method: "GET",
      path: ROUTES,
      needs: ROUTES_READ,
      handle: withZone((zone) =>
        succeed(
          routes
            .list()
            .filter(({ zoneId }) => zoneId === zone.id)
            .map(printRoute),
        ),
      ),
    },
    {
      method: "POST",
      path: ROUTES,
      needs: ROUTES_WRITE,
      handle: withZone((zone, { body }) => putRoute(api, zone, undefined, body)),
    },
    {
      method: "GET",
      path: `${ROUTES}/:route`,
      needs: ROUTES_READ,
      handle: withRoute((route) => succeed(printRoute(route))),
    },
    {
      method: "PUT",
      path: `${ROUTES}/:route`,
      needs: ROUTES_WRITE,
      handle: withRoute((route, zone, { body }) => putRoute(api, zone, route, body)),
    },
    {
      method: "DELETE",
      path: `${ROUTES}/:route`,
      needs: ROUTES_WRITE,
      handle: withRoute((route) => {
        routes.delete(route.id);
        return succeed({ id: route.id });
      }),
    },
  ];
}

function printRoute({ id, pattern, script }: RouteRecord): object {
  return { id, pattern, ...(script === undefined ? {} : { script }) };
}

function isWithin(host: string, zone: ZoneRecord): boolean {
  return host === zone.name || host.endsWith(`.${zone.name}`);
}

function putRoute(
  api: Api,
  zone: ZoneRecord,
  earlier: RouteRecord | undefined,
  body: unknown,
): Response {
  const { routes, scripts } = api.records;
  const text = (name: string) =>
    isBody(body) && typeof body[name] === "string" ? body[name] : undefined;
  const pattern = text("pattern") ?? "";
  const script = text("script") === "" ? undefined : text("script");
  const parsed = parseRoutePattern(pattern);
  if (parsed === undefined || !isWithin(parsed.host, zone))
    return fail(400, 10022, "Route pattern must include zone name and be valid.");
  if (script !== undefined && scripts.get(`${zone.accountId}/${script}`) === undefined)
    return fail(400, 10019, "workers.api.error.script_not_found");
  const double = routes
    .list()
    .some(
      (route) => route.zoneId === zone.id && route.pattern === pattern && route.id !== earlier?.id,
    );
  if (double) return fail(409, 10020, "A route with the same pattern already exists.");
  const route: RouteRecord = { id: earlier?.id ?? api.newId(), zoneId: zone.id, pattern, script };
  routes.put(route.id, route);
  return succeed(printRoute(route));
}

function customDomainRoutes(api: Api): readonly Route[] {
  const { customDomains } = api.records;
  const withDomain = (work: (domain: CustomDomainRecord) => Response) => (call: Call) => {
    const domain = customDomains.get(call.params.domain ?? "");
    return domain?.accountId === call.accountId
      ? work(domain)
      : fail(404, 100_114, "The custom domain does not exist.");
  };
  return [
    {
      method: "GET",
      path: DOMAINS,
      needs: SCRIPTS_READ,
      handle: ({ accountId }) =>
        succeed(
          customDomains
            .list()
            .filter((domain) => domain.accountId === accountId)
            .map(printDomain),
        ),
    },
    { method: "PUT", path: DOMAINS, needs: SCRIPTS_WRITE, handle: (call) => attach(api, call) },
    {
      method: "GET",
      path: `${DOMAINS}/:domain`,
      needs: SCRIPTS_READ,
      handle: withDomain((domain) => succeed(printDomain(domain))),
    },
    {
      method: "DELETE",
      path: `${DOMAINS}/:domain`,
      needs: SCRIPTS_WRITE,
      handle: withDomain((domain) => {
        customDomains.delete(domain.id);
        return succeed({ id: domain.id });
      }),
    },
  ];
}

function printDomain(domain: CustomDomainRecord): object {
  return {
    id: domain.id,
    environment: domain.environment,
    cert_id: domain.certId,
    zone_name: domain.zoneName,
    hostname: domain.hostname,
    service: domain.service,
    zone_id: domain.zoneId,
  };
}

/** Attaching a host that is attached already moves it to the given Worker. */
function attach(api: Api, { accountId, body }: Call): Response {
  const { customDomains, scripts, zones } = api.records;
  const hostname = (text(body, "hostname") ?? "").toLowerCase();
  const service = text(body, "service") ?? "";
  const zoneId = text(body, "zone_id");
  const zone = zones
    .list()
    .filter((one) => one.accountId === accountId && isWithin(hostname, one))
    .filter(({ id, name }) => (zoneId === undefined || id === zoneId) && name !== "")
    .sort((left, right) => right.name.length - left.name.length)[0];
  if (zone === undefined) return fail(400, 100_116, "The hostname is in no zone of this account.");
  if (scripts.get(`${accountId}/${service}`) === undefined)
    return fail(400, 10090, "workers.api.error.service_not_found");
  const earlier = customDomains.list().find((domain) => domain.hostname === hostname);
  const domain: CustomDomainRecord = {
    id: earlier?.id ?? api.newId(),
    accountId,
    hostname,
    service,
    zoneId: zone.id,
    zoneName: zone.name,
    environment: text(body, "environment") ?? "production",
    certId: earlier?.certId ?? api.newUuid(),
  };
  customDomains.put(domain.id, domain);
  return succeed(printDomain(domain));
}
