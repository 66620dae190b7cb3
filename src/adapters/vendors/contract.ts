import type {
  Model,
  ResourceKind,
  ResourceNode,
  ServedKind,
} from "../../compiler/2-model/model.ts";
import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Money } from "../../util/money.ts";
import type { Secret } from "../../util/secret.ts";
import type { Artifact } from "./artifact.ts";
import type { LoweredText, LoweredValue, ResolveReference } from "./lowered-value.ts";
import type { VendorSemantics } from "./semantics.ts";

export type { Artifact, BundleTarget, SiteTarget } from "./artifact.ts";
export type {
  LoweredArtifact,
  LoweredJson,
  LoweredPart,
  LoweredReference,
  LoweredText,
  LoweredValue,
  ResolveReference,
} from "./lowered-value.ts";

/** One resource in a provider's schema, ready to be printed in any dialect. */
export interface LoweredResource {
  /**
   * Unique in the stack. The main one of a manifest resource has that resource's name; every other one is `<owner>.<part>`
   * (`shop.subdomain`, `cloudflare.account`) or, where an owner has several of a part, `<owner>.<part>.<which>`
   * (`shop.domain.example.com`). No manifest name holds a dot, so a new manifest resource never renames what exists. A resource may be called like a provider, so no
   * part that hangs on a provider hangs on a manifest resource anywhere.
   */
  readonly name: string;
  /** The manifest resource it came from, or undefined for what the provider as a whole needs (account, tokens, provider). */
  readonly origin: string | undefined;
  /**
   * Provider-schema type: `cloudflare_r2_bucket`, or one of ours: `supercargo_account`, `supercargo_payment_token`,
   * `supercargo_access_token`, `supercargo_domain`, `supercargo_service_instance`, `supercargo_secret`.
   * `provider_cloudflare` is the explicit provider of a package.
   */
  readonly type: string;
  readonly args: Readonly<Record<string, LoweredValue>>;
  /** Name of the explicit provider resource, when the type is a native one. */
  readonly provider?: string | undefined;
  readonly dependsOn?: readonly string[] | undefined;
  /** Destroying the stack leaves it alone (domains). */
  readonly retain?: boolean | undefined;
  /** It stands for one resource for each file of this artifact, a folder, named `<name>.<which>`. */
  readonly each?: string | undefined;
}

/** A right that the stack's access token needs, and why. */
export interface Permission {
  /** The provider's own name, e.g. Cloudflare's permission group `D1 Write`. */
  readonly group: string;
  readonly scope: "account" | "zone";
  /** Manifest resources that need it, sorted. */
  readonly because: readonly string[];
}

/** One line of the bill. */
export interface PriceItem {
  /** Manifest resource, or the name of the lowered account that a plan belongs to. */
  readonly resource: string;
  /** Catalogue reference, `cloudflare/r2:bucket`. */
  readonly service: string;
  readonly category: string;
  readonly irreversible: boolean;
}

/**
 * What the sandbox needs besides itself to run what was lowered, and what a machine may not have yet: `object-store` is the S3-compatible store, which is built
 * once a machine.
 */
export type SandboxNeed = "object-store";

/** What a vendor made of the resources placed on it. */
export interface Lowered {
  readonly provider: string;
  /** Shared resources first, then by manifest resource in manifest order. */
  readonly resources: readonly LoweredResource[];
  readonly artifacts: readonly Artifact[];
  readonly permissions: readonly Permission[];
  readonly prices: readonly PriceItem[];
  /** Who is billed when nothing here pays: `a host of your own, whose ...`. The review says it. */
  readonly unpriced?: string | undefined;
  /** Most need nothing. */
  readonly sandboxNeeds?: readonly SandboxNeed[] | undefined;
  /** What to show after `up`: manifest resource -> its URL. */
  readonly outputs: Readonly<Record<string, LoweredText>>;
}

/** A record that resources of one vendor need in the zone of a domain, whoever keeps that zone. */
export interface ZoneRecord {
  /** {@link LoweredResource.name} of the record. */
  readonly name: string;
  /** The manifest resource that needs it. */
  readonly origin: string;
  /** The domain resource in whose zone it stands. */
  readonly domain: string;
  /** In full. */
  readonly host: LoweredText;
  readonly type: "CNAME" | "TXT";
  readonly content: LoweredText;
}

/** What resources of a vendor have to do with those of others. */
export interface Surroundings {
  /** What a reference to any resource of the model comes to. */
  readonly resolve: ResolveReference;
  /** What vendors need in the zones of its domains. Who serves domains serves them. */
  readonly records: readonly ZoneRecord[];
}

/** Resources that one vendor cannot serve together. */
export interface VendorConflict {
  /** The manifest resource at fault. */
  readonly resource: string;
  readonly location: SourceLocation;
  readonly reason: string;
  readonly remedy: string;
}

/** Lowers portable kinds to one provider's schema. Pure: same model, same answer. */
export interface Vendor {
  readonly id: string;
  /** For people, e.g. `Cloudflare`. */
  readonly title: string;
  /** The npm package of the generated stack's native resources; absent where there are none. */
  readonly package?:
    | {
        readonly name: string;
        readonly namespace: string;
        /** How its types begin in the provider's schema. Default: the namespace. */
        readonly prefix?: string | undefined;
      }
    | undefined;
  /**
   * Whether there are accounts at it, which the broker opens, pays for and mints access tokens in. Without them there is no {@link VendorClient}, and
   * {@link lower} makes no account, payment token or access token: whoever runs the engine has the right already.
   */
  readonly hasAccounts: boolean;
  /**
   * The manifest's words for orchestrators that open an account of one's own organisation at a vendor without {@link hasAccounts}. Where a manifest names one of
   * them, {@link lower} makes the account, and the explicit provider works in it by the rights that the engine has; nothing else is different.
   */
  readonly accountsBy?: readonly string[] | undefined;
  /** Kinds it can serve; a node of another kind never reaches {@link lower}. `refuse` says no to a single node, with a reason, e.g. PostgreSQL on D1. */
  readonly kinds: ReadonlySet<ResourceKind>;
  /**
   * Those of {@link kinds} that are a service of the catalogue here, `neon/postgres`. An app of any vendor that runs our runtime can bind them: it reaches them over the
   * internet with their credentials.
   */
  readonly services?: Readonly<Partial<Record<ServedKind, string>>> | undefined;
  /** What each of {@link kinds} is like here, but for `service`: the difference to another vendor is what a move changes. */
  readonly semantics: VendorSemantics;
  refuse(node: ResourceNode): { readonly reason: string; readonly remedy: string } | undefined;
  /** What cannot be, although {@link refuse} minds no single node of it: a queue with two consumers. `nodes` as for {@link lower}; most have none. */
  findConflicts?(model: Model, nodes: readonly ResourceNode[]): readonly VendorConflict[];
  /** Records that its resources need in zones of the manifest's domains, e.g. for certificates. */
  listRecords?(
    model: Model,
    nodes: readonly ResourceNode[],
    resolve: ResolveReference,
  ): readonly ZoneRecord[];
  /** What references to its own resources come to, in the texts of whatever vendor. `resolve` is for what such an answer is made of itself: the domain in a host. */
  createResolver(model: Model, resolve: ResolveReference): ResolveReference;
  /** `nodes` are the model's resources placed on this vendor, in manifest order. */
  lower(model: Model, nodes: readonly ResourceNode[], surroundings: Surroundings): Lowered;
  /** Why its resources can be previewed and not applied on the sandbox; absent where the sandbox plays it. */
  readonly onlyPreviewed?: string | undefined;
}

export type TokenAnswer =
  | { readonly kind: "issued"; readonly tokenId: string; readonly value: Secret }
  | {
      readonly kind: "found";
      readonly tokenId: string;
      readonly status: "active" | "disabled" | "expired";
      readonly expiresAt: string;
    }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

export type QuoteAnswer =
  | { readonly kind: "quoted"; readonly price: Money; readonly renewal: Money }
  | { readonly kind: "unavailable"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/** The domain below which an account's apps answer when they have none of their own. */
export type AppDomainAnswer =
  | { readonly kind: "found"; readonly domain: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

export type DomainAnswer =
  | {
      readonly kind: "registered";
      readonly domain: string;
      readonly zoneId: string;
      readonly expiresAt: string;
      /** What was charged; absent when the provider does not say, and then the whole hold is captured. */
      readonly price?: Money | undefined;
    }
  /** Ask again later; `slow` when the registry decides. */
  | { readonly kind: "pending"; readonly slow: boolean }
  /** Will not resolve without a person. */
  | { readonly kind: "action-required"; readonly code: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/**
 * What the broker does with a vendor's account credential. There is no delete or transfer of a domain and no closing of
 * an account on purpose: a verb that is not here cannot be misused. Every method answers with a value; it throws only for a bug.
 */
export interface VendorClient {
  readonly id: string;
  /** API base URL for the stack's native provider, without a final slash. */
  readonly endpoint: string;
  /** Mints a token named `name`, always with an expiry. Not idempotent at the vendor: call {@link findToken} first after a doubt. */
  issueToken(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly name: string;
    readonly permissions: readonly { readonly group: string; readonly scope: "account" | "zone" }[];
    readonly zones: readonly string[];
    readonly expiresAt: string;
  }): Promise<TokenAnswer>;
  findToken(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly name: string;
  }): Promise<TokenAnswer>;
  readToken(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly tokenId: string;
  }): Promise<TokenAnswer>;
  /** Moves the expiry; the value stays. */
  renewToken(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly tokenId: string;
    readonly expiresAt: string;
  }): Promise<TokenAnswer>;
  /** `absent` is proved by reading back. */
  revokeToken(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly tokenId: string;
  }): Promise<TokenAnswer>;
  quoteDomain(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly domain: string;
    readonly years: number;
  }): Promise<QuoteAnswer>;
  /** The domain's name is the idempotency key (Cloudflare Registrar API). */
  registerDomain(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly domain: string;
    readonly years: number;
    readonly autoRenew: boolean;
  }): Promise<DomainAnswer>;
  /** `refused` only for a registration that failed for good; a look that fails is `unknown`. */
  readDomain(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly domain: string;
  }): Promise<DomainAnswer>;
  setAutoRenew(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly domain: string;
    readonly autoRenew: boolean;
  }): Promise<DomainAnswer>;
  /** Absent at vendors without such a domain, together with {@link claimAppDomain}. */
  readAppDomain?(input: {
    readonly credential: Secret;
    readonly accountId: string;
  }): Promise<AppDomainAnswer>;
  /** Repeating is harmless: an account has one such domain. `name` is a wish, `[a-z0-9-]`. */
  claimAppDomain?(input: {
    readonly credential: Secret;
    readonly accountId: string;
    readonly name: string;
  }): Promise<AppDomainAnswer>;
}
