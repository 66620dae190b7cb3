/** A kind of resource in a cluster. */
export interface ClusterKind {
  /** Group and version. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** The group of our own kinds; no controller serves it yet. */
export const LEASE_GROUP = "supercargo.dev";
/** The group of the stacks' kinds. */
export const STACK_GROUP = `stacks.${LEASE_GROUP}`;
export const OWN_VERSION = "v1alpha1";

/** Where our kind is not called after the type: Kubernetes has a kind `Secret` of its own. */
const RENAMED: Readonly<Record<string, string>> = { supercargo_secret: "GeneratedSecret" };

const UPJET_GROUP = "upjet-cloudflare.m.upbound.io";

/** How resources of Cloudflare get their credentials. */
export const CLOUDFLARE_CONFIG: ClusterKind = {
  apiVersion: `${UPJET_GROUP}/v1beta1`,
  kind: "ProviderConfig",
};

/**
 * Cloudflare's types of which there is a kind in the provider family that Upjet generates from Cloudflare's own provider
 * (https://github.com/wildbitca/provider-upjet-cloudflare, `package/crds`).
 */
const CLOUDFLARE_TYPES: ReadonlySet<string> = new Set([
  "cloudflare_d1_database",
  "cloudflare_dns_record",
  "cloudflare_queue",
  "cloudflare_queue_consumer",
  "cloudflare_r2_bucket",
  "cloudflare_workers_cron_trigger",
  "cloudflare_workers_custom_domain",
  "cloudflare_workers_kv_namespace",
  "cloudflare_workers_route",
  "cloudflare_workers_script",
  "cloudflare_workers_script_subdomain",
]);

/** The version of that family whose kinds were looked up; each group of kinds is a package of its own. */
const CLOUDFLARE_VERSION = "v0.2.12";

/** Arguments that the provider's schema calls sensitive: Upjet takes them from a Secret of the cluster and nowhere else. */
const SENSITIVE: ReadonlySet<string> = new Set(["cloudflare_workers_script.bindings.text"]);

/**
 * The kind of a type of the provider's schema, by Upjet's rule: the first word behind the package is the group, what follows the kind, and a type
 * of one word is in a group that is called like the package. Undefined where there is none.
 */
export function clusterKind(type: string): ClusterKind | undefined {
  const [, ...words] = type.split("_");
  if (type.startsWith("supercargo_")) {
    return {
      apiVersion: `${LEASE_GROUP}/${OWN_VERSION}`,
      kind: RENAMED[type] ?? pascalCase(words),
    };
  }
  if (!CLOUDFLARE_TYPES.has(type)) return undefined;
  const [group = "", ...rest] = words;
  return {
    apiVersion: `${rest.length === 0 ? "cloudflare" : group}.${UPJET_GROUP}/${OWN_VERSION}`,
    kind: pascalCase(rest.length === 0 ? words : rest),
  };
}

/** The package that serves a kind of Cloudflare's, as `pkg.crossplane.io` names it. */
export function providerPackage({ apiVersion }: ClusterKind): {
  readonly name: string;
  readonly image: string;
} {
  const name = `provider-cloudflare-${apiVersion.split(".", 1)[0]}`;
  return { name, image: `xpkg.upbound.io/wildbitca/${name}:${CLOUDFLARE_VERSION}` };
}

/** Whether an argument stands in a Secret; `path` from the resource's arguments on. */
export function isSensitive(type: string, path: readonly (string | number)[]): boolean {
  const names = path.filter((part) => typeof part === "string");
  return SENSITIVE.has([type, ...names].join("."));
}

/** `max_price` -> `maxPrice`. */
export function camelCase(name: string): string {
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) throw new Error(`not a schema name: ${name}`);
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `["r2", "bucket"]` -> `R2Bucket`. */
export function pascalCase(words: readonly string[]): string {
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}
