import type { Text } from "../../compiler/2-model/model.ts";
import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Overview, WebNode } from "./node-lowering.ts";
import { splitRoute } from "./split-route.ts";

/** A host that is routed to an app or site. */
export interface WebHost {
  readonly host: Text;
  /** The host, as far as the manifest tells. */
  readonly hostname: string;
  /** From the first slash on. */
  readonly path: string;
  /** The domain resource that the host is in; undefined for hosts outside the manifest. */
  readonly domain: string | undefined;
  readonly location: SourceLocation;
}

/** The hosts of an app or site, in manifest order. */
export function webHosts({ model, nodes }: Overview, node: WebNode): readonly WebHost[] {
  const domains = new Map(
    model.resources.flatMap((one) => (one.kind === "domain" ? [[one.domain, one.name]] : [])),
  );
  return node.routes.map(({ pattern, location }) => {
    const [host, path] = splitRoute(pattern);
    const hostname = host
      .map((part) => {
        if (typeof part === "string") return part;
        const target = nodes.get(part.resource);
        return target?.kind === "domain" ? target.domain : `${part.resource}.${part.attribute}`;
      })
      .join("");
    return { host, hostname, path, domain: findDomain(domains, hostname), location };
  });
}

function findDomain(domains: ReadonlyMap<string, string>, hostname: string): string | undefined {
  for (let name = hostname; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const domain = domains.get(name);
    if (domain !== undefined) return domain;
  }
  return undefined;
}
