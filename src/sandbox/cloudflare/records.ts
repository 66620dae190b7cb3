import type { AccountRecord, BearerRecord, Collection, SandboxStore } from "../context.ts";
import type {
  AccountDetails,
  AlertPolicyRecord,
  IdempotencyRecord,
  TokenRecord,
} from "./account-records.ts";
import type {
  BucketRecord,
  ConsumerRecord,
  DatabaseRecord,
  NamespaceRecord,
  QueueRecord,
} from "./storage-records.ts";
import type {
  AssetRecord,
  AssetSessionRecord,
  DeploymentRecord,
  ScriptRecord,
  VersionRecord,
} from "./worker-records.ts";
import type {
  CustomDomainRecord,
  DnsRecord,
  RegistrationRecord,
  RouteRecord,
  ZoneRecord,
} from "./zone-records.ts";

/** Every collection of the Cloudflare side, `accounts` and `bearers` being shared with the provisioning protocol. */
export interface Records {
  /** By `cloudflare/<id>`. */
  readonly accounts: Collection<AccountRecord>;
  readonly bearers: Collection<BearerRecord>;
  /** By account id. */
  readonly details: Collection<AccountDetails>;
  readonly tokens: Collection<TokenRecord>;
  /** Hash of a value -> id of the token. */
  readonly tokenValues: Collection<string>;
  readonly databases: Collection<DatabaseRecord>;
  /** By `<account>/<name>`. */
  readonly buckets: Collection<BucketRecord>;
  readonly namespaces: Collection<NamespaceRecord>;
  readonly queues: Collection<QueueRecord>;
  readonly consumers: Collection<ConsumerRecord>;
  /** By `<account>/<name>`. */
  readonly scripts: Collection<ScriptRecord>;
  readonly versions: Collection<VersionRecord>;
  readonly deployments: Collection<DeploymentRecord>;
  readonly zones: Collection<ZoneRecord>;
  readonly dns: Collection<DnsRecord>;
  readonly routes: Collection<RouteRecord>;
  readonly customDomains: Collection<CustomDomainRecord>;
  /** By domain. */
  readonly registrations: Collection<RegistrationRecord>;
  readonly alertPolicies: Collection<AlertPolicyRecord>;
  readonly assetSessions: Collection<AssetSessionRecord>;
  /** By `<account>/<hash>`. */
  readonly assets: Collection<AssetRecord>;
  readonly idempotency: Collection<IdempotencyRecord>;
}

/** Opens the collections in the sandbox's store. */
export function openRecords(store: SandboxStore): Records {
  const own = <T>(name: string) => store.collection<T>(`cloudflare-${name}`);
  return {
    accounts: store.collection("accounts"),
    bearers: store.collection("bearers"),
    details: own("account-details"),
    tokens: own("tokens"),
    tokenValues: own("token-values"),
    databases: own("databases"),
    buckets: own("buckets"),
    namespaces: own("namespaces"),
    queues: own("queues"),
    consumers: own("consumers"),
    scripts: own("scripts"),
    versions: own("versions"),
    deployments: own("deployments"),
    zones: own("zones"),
    dns: own("dns-records"),
    routes: own("routes"),
    customDomains: own("custom-domains"),
    registrations: own("registrations"),
    alertPolicies: own("alert-policies"),
    assetSessions: own("asset-sessions"),
    assets: own("assets"),
    idempotency: own("idempotency"),
  };
}
