import type { ResourceKind } from "../compiler/vocabulary.ts";

/**
 * What goes with a resource: `data`, that nobody else has; nothing, because it is `remade` wholly from the manifest; a `secret` of ours; the `domain`, which
 * stays registered; a `power`, which only gets less; or `nothing`, because all share it and nothing of anybody's is in it.
 */
export type Holding = "data" | "remade" | "secret" | "domain" | "power" | "nothing";

/** What a type of a provider's schema is in the manifest's words. */
export interface TypeClass {
  readonly holds: Holding;
  /** Kinds whose resources become one; none for what is not of one kind. */
  readonly kinds: readonly ResourceKind[];
  /** The vendor's id; undefined for types of ours, which are of any provider. */
  readonly provider?: string | undefined;
}

const cloudflare = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "cloudflare" },
});
const container = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "container" },
});
const ours = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({ holds, kinds });

/** Every type that a vendor makes; a test holds it against them. */
const CLASSES: Readonly<Record<string, TypeClass>> = {
  cloudflare_d1_database: cloudflare("data", "database"),
  cloudflare_dns_record: cloudflare("remade", "dns"),
  cloudflare_queue: cloudflare("data", "queue"),
  cloudflare_queue_consumer: cloudflare("remade", "app"),
  cloudflare_r2_bucket: cloudflare("data", "bucket"),
  cloudflare_workers_cron_trigger: cloudflare("remade", "cron"),
  cloudflare_workers_custom_domain: cloudflare("remade", "app", "site"),
  cloudflare_workers_kv_namespace: cloudflare("data", "kv"),
  cloudflare_workers_route: cloudflare("remade", "app", "site"),
  cloudflare_workers_script: cloudflare("remade", "app", "site"),
  cloudflare_workers_script_subdomain: cloudflare("remade", "app", "site"),
  // What a container keeps is in its volumes.
  docker_container: container("remade", "app", "site"),
  docker_image: container("nothing"),
  docker_network: container("nothing"),
  docker_volume: container("data", "database", "bucket", "kv", "queue"),
  supercargo_access_token: ours("power"),
  supercargo_account: ours("power"),
  supercargo_domain: ours("domain", "domain"),
  supercargo_payment_token: ours("power"),
  supercargo_secret: ours("secret", "secret"),
  supercargo_service_instance: ours("data", "service"),
};

const UNKNOWN: TypeClass = { holds: "data", kinds: [] };

/** A type that is not known counts as data, of no known kind and provider: what restricts holds for it, and what permits only some does not. */
export function classifyType(schemaType: string): TypeClass {
  return Object.hasOwn(CLASSES, schemaType) ? (CLASSES[schemaType] ?? UNKNOWN) : UNKNOWN;
}
