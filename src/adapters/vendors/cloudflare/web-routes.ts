import type { Text } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import { splitRoute } from "../split-route.ts";
import { literalText } from "./literal-text.ts";
import type { Survey, WebNode } from "./lowering.ts";

/** A route of an app or site, understood. */
export interface WebRoute {
  /** Name of the lowered resource that serves it. */
  readonly name: string;
  /** `domain`: a whole host, whose DNS Cloudflare keeps; `route`: some paths of a host that has a record already. */
  readonly kind: "domain" | "route";
  readonly pattern: Text;
  readonly host: Text;
  /** The host, as far as the manifest tells. */
  readonly hostname: string;
  /** From the first slash on. */
  readonly path: string;
  /** The domain resource that the host is in; undefined for hosts outside the manifest. */
  readonly domain: string | undefined;
}

/** The routes of an app or site, in manifest order. */
export function webRoutes(survey: Survey, node: WebNode): readonly WebRoute[] {
  return node.routes.map(({ pattern }) => {
    const [host, path] = splitRoute(pattern);
    const hostname = literalText(survey, host);
    const kind = path === "/*" ? "domain" : "route";
    // A route's own text names it, so that adding or removing another one changes nothing here.
    const which = kind === "domain" ? hostname : sha256(literalText(survey, pattern)).slice(0, 8);
    const domain = findDomain(survey, hostname);
    return { name: `${node.name}.${kind}.${which}`, kind, pattern, host, hostname, path, domain };
  });
}

function findDomain({ domains }: Survey, hostname: string): string | undefined {
  for (let name = hostname; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const domain = domains.get(name);
    if (domain !== undefined) return domain.name;
  }
  return undefined;
}
