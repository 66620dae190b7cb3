export { BlobStore, type BlobStoreArgs } from "./blob-store.ts";
export { Deploy, type DeployArgs } from "./deploy.ts";
export { type ProcessingSettings, Site, type SiteArgs } from "./site.ts";
