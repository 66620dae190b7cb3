import type { Artifact, LoweredResource, LoweredValue, ZoneRecord } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import type { Context, LoweredNode, WebNode } from "../node-lowering.ts";
import { type WebHost, webHosts } from "../web-hosts.ts";
import { lowerText, ownHostName, webUrl } from "./lower-text.ts";
import { native, ownHost, projectName, VERCEL } from "./lowering.ts";

/** Leads a host of whatever zone to Vercel (Vercel docs, "Adding & Configuring a Custom Domain"). */
const TARGET = "cname.vercel-dns.com";

/** What a project's deployment is made of. */
export interface ProjectContent {
  readonly artifact: Extract<Artifact, { kind: "vercel-output" }>["content"];
  /** Arguments of the project beside its name. */
  readonly settings: Readonly<Record<string, LoweredValue>>;
  /** Variables of the deployment's functions. */
  readonly variables: Readonly<Record<string, LoweredValue>>;
  /** Further resources of the project, which have to be there before the deployment. */
  readonly resources: readonly LoweredResource[];
}

/**
 * What an app and a site both are: a project, its hosts, and its production deployment. Whatever a deployment is made of is an argument of it, because Vercel changes none:
 * a new one takes its place.
 */
export function lowerProject(
  context: Context,
  node: WebNode,
  { artifact, settings, variables, resources }: ProjectContent,
): LoweredNode {
  const { name, source } = node;
  const hosts = webHosts(context, node);
  const domains =
    hosts.length === 0
      ? [lowerDomain(name, ownHostName(name), ownHost(context.model, name))]
      : hosts.map(({ host, hostname }) =>
          lowerDomain(name, `${name}.domain.${hostname}`, lowerText(context, host)),
        );
  const project = native(name, name, "vercel_project", {
    name: projectName(context.model, name),
    ...settings,
  });
  const deployment = native(
    `${name}.deployment`,
    name,
    "vercel_deployment",
    {
      project_id: ref(name, "id"),
      production: true,
      path_prefix: { kind: "artifact", artifact: name, field: "path" },
      files: { kind: "file-sums", artifact: name },
      ...(Object.keys(variables).length > 0 && {
        environment: { kind: "map", entries: variables },
      }),
    },
    // What these are made of comes before them.
    [...domains, ...resources].filter(isOwn).map((resource) => resource.name),
  );
  return {
    resources: [project, ...domains, ...resources, deployment],
    records: hosts.flatMap((host) => listRecords(context, name, host)),
    artifacts: [{ kind: "vercel-output", name, source, content: artifact }],
    url: webUrl(context, node),
  };
}

/** Whether it is a resource of Vercel's. */
function isOwn({ type }: LoweredResource): boolean {
  return type.startsWith(`${VERCEL}_`);
}

/** Vercel gets and renews the certificate by itself, once the host leads to it. */
function lowerDomain(owner: string, name: string, domain: LoweredValue): LoweredResource {
  return native(name, owner, "vercel_project_domain", { project_id: ref(owner, "id"), domain });
}

/** For a host outside of the manifest, whoever has its zone makes the record. */
function listRecords(
  context: Context,
  owner: string,
  { host, hostname, domain }: WebHost,
): readonly ZoneRecord[] {
  if (domain === undefined) return [];
  const record = { origin: owner, domain, type: "CNAME", content: TARGET } as const;
  return [{ ...record, name: `${owner}.address.${hostname}`, host: lowerText(context, host) }];
}
