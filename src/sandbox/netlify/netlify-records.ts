import type { Collection, SandboxStore } from "../context.ts";

/** A site. Collection `netlify-sites`, by id. */
export interface SiteRecord {
  readonly id: string;
  readonly name: string;
  readonly customDomain: string | null;
  readonly domainAliases: readonly string[];
  /** What else was said of it, as it came. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The deploy that answers. */
  readonly published: string | null;
  /** Token with which its functions reach its stores. */
  readonly sealedStoreToken: string;
  readonly createdAt: string;
}

/** A deploy. Collection `netlify-deploys`, by id. */
export interface DeployRecord {
  readonly id: string;
  readonly siteId: string;
  readonly title: string;
  /** Path, from a slash on -> SHA-1. */
  readonly files: Readonly<Record<string, string>>;
  /** Name -> SHA-256 of its archive. */
  readonly functions: Readonly<Record<string, string>>;
  readonly schedules: readonly { readonly name: string; readonly cron: string }[];
  /** Sealed JSON list of `NAME=value`. */
  readonly sealedEnvironment: string;
  /** `uploading` until everything is there. */
  readonly state: "uploading" | "ready" | "error";
  readonly createdAt: string;
}

/** A blob of a store. Collection `netlify-blobs`, by `<site>/<store>/<key>`. */
export interface BlobRecord {
  readonly id: string;
  readonly key: string;
  /** The header that came with it. */
  readonly metadata: string;
  /** Name of its bytes. */
  readonly hash: string;
}

export interface NetlifyRecords {
  readonly sites: Collection<SiteRecord>;
  readonly deploys: Collection<DeployRecord>;
  readonly blobs: Collection<BlobRecord>;
  /** `sha1:...` or `sha256:...` of everything that was ever uploaded -> the name of its bytes. */
  readonly uploads: Collection<{ readonly hash: string }>;
}

export function openNetlifyRecords(store: SandboxStore): NetlifyRecords {
  return {
    sites: store.collection("netlify-sites"),
    deploys: store.collection("netlify-deploys"),
    blobs: store.collection("netlify-blobs"),
    uploads: store.collection("netlify-uploads"),
  };
}
