import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { PermissionPolicy } from "../../permissions/compile-permissions.ts";
import type { Money } from "../../util/money.ts";
import type { Guardrails, Limits, PermissionRule } from "../1-manifest/guardrails.ts";
import type { EngineId, ResourceKind, Verb } from "../vocabulary.ts";

export { RESOURCE_KINDS, VERB_CLASSES } from "../vocabulary.ts";
export type { EngineId, Guardrails, Limits, PermissionRule, ResourceKind, Verb };

/** `${name.attribute}` in the manifest: a value that another resource has once it exists. */
export interface Reference {
  readonly kind: "reference";
  readonly resource: string;
  readonly attribute: string;
}

/** Text with references in it, in order; a plain text is one string part. */
export type Text = readonly (string | Reference)[];

interface NodeBase {
  /** The resource's key in the manifest, `[a-z][a-z0-9-]{0,62}`. */
  readonly name: string;
  /** Where it goes: a vendor id, e.g. `cloudflare`. */
  readonly provider: string;
  /** Where manifest or stack would have it, when that provider does not serve its kind and {@link provider} takes its place. */
  readonly insteadOf?: string | undefined;
  /**
   * The service of the catalogue, `neon/postgres`, that it is at {@link provider}: ordered through the provisioning protocol, and reached over the internet by its
   * credentials. Undefined for what is a resource of the provider's own.
   */
  readonly service?: string | undefined;
  readonly location: SourceLocation;
  /** Names of the resources that must exist first, sorted, without duplicates. */
  readonly dependsOn: readonly string[];
}

/** Code that answers HTTP. */
export interface AppNode extends NodeBase {
  readonly kind: "app";
  /** Folder of the code, relative to the manifest, `/`-separated, never leaving the manifest's folder. */
  readonly source: string;
  /** The module to bundle, relative to `source`, default `index.ts`. */
  readonly entry: string;
  /** Variable in the app -> resource it can use, in manifest order. */
  readonly bind: readonly {
    readonly variable: string;
    readonly resource: string;
    readonly location: SourceLocation;
  }[];
  /** Plain variables. */
  readonly env: readonly { readonly variable: string; readonly value: Text }[];
  /** `host/*` or `host/path*`. */
  readonly routes: readonly { readonly pattern: Text; readonly location: SourceLocation }[];
  /** Queues whose messages this app receives, each once. */
  readonly consumes: readonly { readonly resource: string; readonly location: SourceLocation }[];
}
/** Static files. */
export interface SiteNode extends NodeBase {
  readonly kind: "site";
  readonly source: string;
  readonly routes: readonly { readonly pattern: Text; readonly location: SourceLocation }[];
  /** Answer unknown paths with index.html, default false. */
  readonly spa: boolean;
}
export interface DatabaseNode extends NodeBase {
  readonly kind: "database";
  readonly engine: "sqlite" | "postgres";
}
export interface BucketNode extends NodeBase {
  readonly kind: "bucket";
}
export interface KvNode extends NodeBase {
  readonly kind: "kv";
}
export interface QueueNode extends NodeBase {
  readonly kind: "queue";
}
/** Calls an app on a schedule (five-field cron, UTC). */
export interface CronNode extends NodeBase {
  readonly kind: "cron";
  readonly schedule: string;
  readonly app: string;
}
/** A registered domain name. Never replaced, never deleted. */
export interface DomainNode extends NodeBase {
  readonly kind: "domain";
  /** A-label form, lower case, e.g. `example-shop.com`. */
  readonly domain: string;
  /** Years to register for, default 1. */
  readonly years: number;
  /** The most that the registration may cost. */
  readonly maxPrice: Money;
  /** Renew by itself, default false. */
  readonly autoRenew: boolean;
}
export interface DnsNode extends NodeBase {
  readonly kind: "dns";
  /** The domain resource in whose zone the record stands. */
  readonly zone: string;
  /** `@` for the zone itself, else a relative name such as `www`. */
  readonly record: string;
  readonly type: "A" | "AAAA" | "CNAME" | "TXT" | "MX";
  readonly content: Text;
  /** Seconds; 1 means automatic, the default. */
  readonly ttl: number;
  /** MX only. */
  readonly priority?: number | undefined;
}
/** Random bytes, made by the broker, seen only by the apps that bind it. */
export interface SecretNode extends NodeBase {
  readonly kind: "secret";
  /** Default 32. */
  readonly bytes: number;
}
/** Portable kinds that a service of the catalogue can be. */
export type ServedKind = "database" | "kv";
/** Anything in the catalogue, through the provisioning protocol. */
export interface ServiceNode extends NodeBase {
  readonly kind: "service";
  /** `provider/service_id` of the catalogue, e.g. `resend/email`. */
  readonly service: string;
  /** Sent as the service's configuration. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** What the service is in the manifest where it serves a portable kind: the runtime opens its credentials as one. */
  readonly serves?: ServedKind | undefined;
}

export type ResourceNode =
  | AppNode
  | SiteNode
  | DatabaseNode
  | BucketNode
  | KvNode
  | QueueNode
  | CronNode
  | DomainNode
  | DnsNode
  | SecretNode
  | ServiceNode;

/** Attributes that `${name.attribute}` may read, per kind. */
export const ATTRIBUTES: Readonly<Record<ResourceKind, readonly string[]>> = {
  app: ["url", "hostname"],
  site: ["url", "hostname"],
  database: ["id"],
  bucket: ["name"],
  kv: ["id"],
  queue: ["name"],
  cron: [],
  domain: ["domain"],
  dns: ["name"],
  secret: [],
  service: ["id"],
};

/** Kinds that an app may bind. */
export const BINDABLE: ReadonlySet<ResourceKind> = new Set([
  "database",
  "bucket",
  "kv",
  "queue",
  "secret",
  "service",
  "app",
]);

/** The manifest, understood: every name resolved, every default filled in, deeply frozen. */
export interface Model {
  readonly name: string;
  readonly stack: string;
  /** False only for the stack `local`, which is always the sandbox. */
  readonly live: boolean;
  readonly principal: { readonly email: string };
  readonly agent: { readonly id: string };
  /** In order of preference. */
  readonly orchestrators: readonly string[];
  /** In order of preference. */
  readonly issuers: readonly string[];
  /** What applies the stack. */
  readonly engine: EngineId;
  readonly guardrails: Guardrails;
  /** Guardrails narrowed by the manifest's `budget`. */
  readonly limits: Limits;
  /** The permission matrix of {@link guardrails} and {@link limits}, compiled once: whoever asks, asks this. */
  readonly permissions: PermissionPolicy;
  /** In manifest order. */
  readonly resources: readonly ResourceNode[];
  /** Names, dependencies first; ties in manifest order. */
  readonly order: readonly string[];
  /** Hexadecimal SHA-256 of the inputs' exact bytes. */
  readonly digests: {
    readonly manifest: string;
    readonly guardrails: string;
    readonly catalog: string;
  };
}
