import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { toHostname } from "../../util/domain-name.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import type { DataPath } from "../1-manifest/spans.ts";
import type { Text } from "./model.ts";
import type { NameResolver } from "./resolve-names.ts";

/** All routes of a manifest, to find hosts that belong to no domain and routes that are there twice. */
export interface RouteTable {
  /** Reads the route at `path`, which starts with `resources` and the owner's name. */
  read(source: string, path: DataPath, names: NameResolver): Text;
}

export function createRouteTable({ data }: Manifest, sink: BoundedSink): RouteTable {
  const owners = new Map<string, string>();
  const domainOf = (name: string): string | undefined => {
    const resource = Object.hasOwn(data.resources, name) ? data.resources[name] : undefined;
    return resource?.kind === "domain" ? resource.domain : undefined;
  };
  const domains = new Map<string, string>();
  for (const [name, resource] of Object.entries(data.resources))
    if (resource.kind === "domain") domains.set(resource.domain, name);

  const checkHost = (host: string, source: string, path: DataPath, names: NameResolver): void => {
    if (toHostname(host) === undefined) {
      sink.fail(() => createDiagnostic("SC3027", { route: source }, names.locate(path)));
      return;
    }
    const owner = findOwner(host, domains);
    if (owner !== undefined) names.require(owner);
    else sink.report(createDiagnostic("SC3019", { host }, names.locate(path)));
  };

  return {
    read(source, path, names) {
      const before = sink.errors;
      const text = names.readText(source, path);
      if (sink.errors > before) return text;
      for (const part of text)
        if (typeof part !== "string") names.requireKind(part.resource, "domain", path);
      if (sink.errors > before) return text;
      const route = text
        .map((part) => (typeof part === "string" ? part : (domainOf(part.resource) ?? "")))
        .join("");
      checkHost(route.slice(0, route.indexOf("/")), source, path, names);
      const other = owners.get(route);
      if (other !== undefined)
        sink.fail(() => createDiagnostic("SC3020", { route, other }, names.locate(path)));
      else owners.set(route, String(path[1]));
      return text;
    },
  };
}

/** The domain resource to whose domain the host belongs. */
function findOwner(host: string, domains: ReadonlyMap<string, string>): string | undefined {
  for (let rest = host; rest !== ""; rest = rest.slice(rest.indexOf(".") + 1)) {
    const owner = domains.get(rest);
    if (owner !== undefined) return owner;
    if (!rest.includes(".")) return undefined;
  }
  return undefined;
}
