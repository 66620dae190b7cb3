import type {
  AppNode,
  DomainNode,
  ResourceNode,
  SiteNode,
} from "../../../compiler/2-model/model.ts";
import type {
  Artifact,
  LoweredResource,
  LoweredText,
  LoweredValue,
  Permission,
  PriceItem,
  ResolveReference,
} from "../contract.ts";
import { accountId } from "../lease-resources.ts";
import { ref } from "../lowered-values.ts";
import type { Overview } from "../node-lowering.ts";

/** The vendor's id, as in manifests, catalogue and provider-schema types. */
export const CLOUDFLARE = "cloudflare";
/** Name of the explicit provider of the native resources. */
export const PROVIDER_NAME = "cloudflare.provider";

/** The model, and what single resources need to know of the others. */
export interface Survey extends Overview {
  /** Domains of the manifest, by domain name. */
  readonly domains: ReadonlyMap<string, DomainNode>;
  /** Schedules of each app's cron resources, by app, in manifest order; the first one's name stands for all. */
  readonly crons: ReadonlyMap<
    string,
    { readonly owner: string; readonly schedules: readonly string[] }
  >;
  /** Hosts with a route that covers only some paths: their DNS records must be proxied. */
  readonly routedHosts: ReadonlySet<string>;
}

/** What every `lower-*.ts` may look at. */
export interface Context extends Survey {
  /** What a reference comes to: whoever owns the resource says. */
  readonly resolve: ResolveReference;
}

/** Kinds that answer HTTP. */
export type WebNode = AppNode | SiteNode;

/** A right that one resource needs; `domain` is the domain resource in whose zone, for rights on zones. */
export interface Grant {
  readonly group: Permission["group"];
  readonly scope: Permission["scope"];
  readonly domain?: string | undefined;
}

/** What became of one manifest resource. */
export interface LoweredNode {
  readonly resources: readonly LoweredResource[];
  readonly artifacts?: readonly Artifact[] | undefined;
  readonly grants?: readonly Grant[] | undefined;
  readonly prices?: readonly Omit<PriceItem, "resource">[] | undefined;
  readonly url?: LoweredText | undefined;
}

/** Lowers nodes of one kind. */
export type LowerNode<Node extends ResourceNode> = (context: Context, node: Node) => LoweredNode;

/** A resource that belongs to the account. */
export function accountResource(
  name: string,
  origin: string,
  type: string,
  args: Readonly<Record<string, LoweredValue>>,
): LoweredResource {
  const withAccount = { account_id: accountId(CLOUDFLARE), ...args };
  return { name, origin, type, args: withAccount, provider: PROVIDER_NAME };
}

/** A resource that belongs to the zone of a domain resource. */
export function zoneResource(
  name: string,
  origin: string,
  type: string,
  domain: string,
  args: Readonly<Record<string, LoweredValue>>,
): LoweredResource {
  const withZone = { zone_id: ref(domain, "zone_id"), ...args };
  return { name, origin, type, args: withZone, provider: PROVIDER_NAME };
}
