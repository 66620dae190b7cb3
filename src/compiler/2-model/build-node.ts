import type { ManifestResource } from "../1-manifest/resource-schemas.ts";
import type { DataPath } from "../1-manifest/spans.ts";
import type { ResourceKind, ResourceNode } from "./model.ts";
import type { NameResolver } from "./resolve-names.ts";
import type { RouteTable } from "./route-table.ts";

type Of<Node, Kind> = Extract<Node, { kind: Kind }>;
type Common = "name" | "provider" | "insteadOf" | "location" | "dependsOn";
type Builders = {
  readonly [Kind in ResourceKind]: (
    resource: Of<ManifestResource, Kind>,
    path: DataPath,
    context: NodeContext,
  ) => Omit<Of<ResourceNode, Kind>, Common>;
};

/** What building one node needs. */
export interface NodeContext {
  readonly names: NameResolver;
  /** Shared by all nodes of the manifest. */
  readonly routes: RouteTable;
}

/** What is special about each kind: its own keys, with names resolved. */
const BUILDERS: Builders = {
  app: (app, path, { names, routes }) => ({
    kind: "app",
    source: app.source,
    entry: app.entry,
    bind: Object.entries(app.bind).map(([variable, resource]) => {
      const at = [...path, "bind", variable];
      names.requireBindable(resource, at);
      return { variable, resource, location: names.locate(at) };
    }),
    env: Object.entries(app.env).map(([variable, text]) => ({
      variable,
      value: names.readText(text, [...path, "env", variable]),
    })),
    routes: readRoutes(app.routes, path, names, routes),
    consumes: app.consumes.flatMap((resource, i) => {
      const at = [...path, "consumes", i];
      names.requireKind(resource, "queue", at);
      const isFirst = app.consumes.indexOf(resource) === i;
      return isFirst ? [{ resource, location: names.locate(at) }] : [];
    }),
  }),
  site: (site, path, { names, routes }) => ({
    kind: "site",
    source: site.source,
    routes: readRoutes(site.routes, path, names, routes),
    spa: site.spa,
  }),
  database: ({ engine = "sqlite" }) => ({ kind: "database", engine }),
  bucket: () => ({ kind: "bucket" }),
  kv: () => ({ kind: "kv" }),
  queue: () => ({ kind: "queue" }),
  cron: ({ app, schedule }, path, { names }) => {
    names.requireKind(app, "app", [...path, "app"]);
    return { kind: "cron", app, schedule };
  },
  domain: ({ domain, years, maxPrice, autoRenew }) => ({
    kind: "domain",
    domain,
    years,
    maxPrice,
    autoRenew,
  }),
  dns: ({ zone, name, type, content, ttl, priority }, path, { names }) => {
    names.requireKind(zone, "domain", [...path, "zone"]);
    const text = names.readText(content, [...path, "content"]);
    const rest = priority === undefined ? {} : { priority };
    return { kind: "dns", zone, record: name, type, content: text, ttl, ...rest };
  },
  secret: ({ bytes }) => ({ kind: "secret", bytes }),
  service: ({ service, config }) => ({ kind: "service", service, config }),
};

/** Builds the node of a resource that goes to a place. */
export function buildNode(
  name: string,
  resource: ManifestResource,
  place: Pick<ResourceNode, "provider" | "insteadOf">,
  context: NodeContext,
): ResourceNode {
  const path = ["resources", name];
  const build = BUILDERS[resource.kind] as (
    resource: ManifestResource,
    path: DataPath,
    context: NodeContext,
  ) => Omit<ResourceNode, Common>;
  const own = build(resource, path, context);
  const { names } = context;
  const location = names.locateKey(path);
  return { name, ...place, location, dependsOn: names.dependencies(), ...own } as ResourceNode;
}

function readRoutes(
  patterns: readonly string[],
  path: DataPath,
  names: NameResolver,
  routes: RouteTable,
): Of<ResourceNode, "app">["routes"] {
  return patterns.map((pattern, i) => {
    const at = [...path, "routes", i];
    return { pattern: routes.read(pattern, at, names), location: names.locate(at) };
  });
}
