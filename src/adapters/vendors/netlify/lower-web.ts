import type {
  Artifact,
  LoweredResource,
  LoweredText,
  LoweredValue,
  ZoneRecord,
} from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context, LoweredNode, WebNode } from "../node-lowering.ts";
import { type WebHost, webHosts } from "../web-hosts.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { native, siteName } from "./lowering.ts";

/** Leads a host that is a zone itself to Netlify (Netlify docs, "Configure external DNS for a custom domain"). */
const ZONE_TARGET = "apex-loadbalancer.netlify.com";

/** What a site and its deploy are made of, beside what all are. */
export interface WebContent {
  readonly artifact: Extract<Artifact, { kind: "netlify-output" }>["content"];
  readonly settings?: Readonly<Record<string, LoweredValue>> | undefined;
  /** Arguments of the deploy. */
  readonly deploy?: Readonly<Record<string, LoweredValue>> | undefined;
}

/** What an app and a site both are: a site of Netlify's with its hosts, and the deploy that is published. */
export function lowerWeb(
  context: Context,
  node: WebNode,
  { artifact, settings = {}, deploy = {} }: WebContent,
): LoweredNode {
  const { name, source } = node;
  const hosts = webHosts(context, node);
  const resources: readonly LoweredResource[] = [
    native(name, name, "netlify_site", {
      name: siteName(context.model, name),
      ...lowerHosts(hosts.map(({ host }) => lowerText(context, host))),
      ...settings,
    }),
    native(`${name}.deploy`, name, "netlify_deploy", {
      site_id: ref(name, "id"),
      directory: { kind: "artifact", artifact: name, field: "path" },
      sha256: { kind: "artifact", artifact: name, field: "sha256" },
      ...deploy,
    }),
  ];
  return {
    resources,
    records: hosts.flatMap((host) => listRecords(context, name, host)),
    artifacts: [{ kind: "netlify-output", name, source, content: artifact }],
    url: webUrl(context, node),
  };
}

/** Netlify gets and renews the certificate by itself, once the hosts lead to it. */
function lowerHosts([first, ...others]: readonly LoweredText[]): Readonly<
  Record<string, LoweredValue>
> {
  return {
    ...(first !== undefined && { custom_domain: first }),
    ...(others.length > 0 && { domain_aliases: others }),
  };
}

/** For a host outside of the manifest, whoever has its zone makes the record. */
function listRecords(
  context: Context,
  owner: string,
  { host, hostname, domain }: WebHost,
): readonly ZoneRecord[] {
  if (domain === undefined) return [];
  const zone = context.nodes.get(domain);
  const isZone = zone?.kind === "domain" && zone.domain === hostname;
  return [
    {
      name: `${owner}.address.${hostname}`,
      origin: owner,
      domain,
      host: lowerText(context, host),
      type: "CNAME",
      content: isZone ? ZONE_TARGET : concat(ref(owner, "name"), ".netlify.app"),
    },
  ];
}
