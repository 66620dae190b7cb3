import type { Text } from "../../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredResource } from "../contract.ts";
import { lowerParts } from "../lower-parts.ts";
import { concat, object } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { splitRoute } from "../split-route.ts";
import { localHost } from "./lower-text.ts";
import { APP_PORT, hostOf, lowerContainer, lowerVolume, mount } from "./lowering.ts";

type Part = string | LoweredReference;

/** One host of the proxy, and which of its paths lead where. */
interface Site {
  readonly address: readonly Part[];
  readonly routes: { readonly path: string; readonly app: string }[];
}

/** How long a request waits for its app to come up: as long as most clients wait, because what moves here is waited for, too. */
const PATIENCE = "25s";

const CERTIFICATES = "container.certificates";

/**
 * The one container with ports of the host: it ends TLS, with certificates that it gets by itself for the domains of the routes, and leads each host and path to
 * its app.
 */
export function lowerProxy(
  context: Context,
  nodes: readonly WebNode[],
): readonly LoweredResource[] {
  const config = concat(
    ...[...groupByHost(context, nodes).values()].flatMap((site) => printSite(context, site)),
  );
  const proxy = lowerContainer(context, {
    name: "container.proxy",
    origin: undefined,
    image: "container.proxy-image",
    capabilities: ["NET_BIND_SERVICE"],
    args: {
      upload: [object({ file: "/etc/caddy/Caddyfile", content: config })],
      volumes: [mount(CERTIFICATES, "/data")],
      ports: [object({ internal: 80, external: 80 }), object({ internal: 443, external: 443 })],
    },
  });
  return [lowerVolume(context, CERTIFICATES), proxy];
}

function groupByHost(context: Context, nodes: readonly WebNode[]): ReadonlyMap<string, Site> {
  const sites = new Map<string, Site>();
  const add = (key: string, address: readonly Part[], path: string, app: string): void => {
    const site = sites.get(key) ?? { address, routes: [] };
    site.routes.push({ path, app });
    sites.set(key, site);
  };
  for (const node of nodes) {
    // Without a scheme the proxy would ask for a certificate that nobody can give.
    const local = `http://${localHost(context, node)}`;
    if (node.routes.length === 0) add(local, [local], "/*", node.name);
    for (const { pattern } of node.routes) {
      const [host, path] = splitRoute(pattern);
      add(resolveHost(context, host), lowerParts(context, host), path, node.name);
    }
  }
  return sites;
}

/** The host that a route's text comes to: a proxy takes each one once, by reference or in letters. */
function resolveHost({ nodes }: Context, host: Text): string {
  const parts = host.map((part) => {
    if (typeof part === "string") return part;
    const node = nodes.get(part.resource);
    if (node?.kind !== "domain") throw new Error(`a route on ${part.resource}, which is no domain`);
    return node.domain;
  });
  return parts.join("");
}

/** In the words of a Caddyfile. The proxy tries longer paths first by itself; what a route can hold needs no quotes there. */
function printSite(context: Context, { address, routes }: Site): readonly Part[] {
  const body = routes.flatMap(({ path, app }): readonly Part[] => [
    path === "/*" ? "\thandle {\n" : `\thandle ${path} {\n`,
    "\t\treverse_proxy ",
    // An app that is being replaced is waited for.
    `${hostOf(context, app)}:${APP_PORT} {\n\t\t\tlb_try_duration ${PATIENCE}\n\t\t}\n\t}\n`,
  ]);
  return [...address, " {\n", ...body, "}\n"];
}
