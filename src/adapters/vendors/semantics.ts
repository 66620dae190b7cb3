import type { ResourceKind, ResourceNode } from "../../compiler/2-model/model.ts";

/**
 * What can differ between two places of a resource and is noticed by whoever uses it, by kind. A vendor says each of them about the kinds that it serves;
 * what two vendors say in the same words is the same.
 */
export const ASPECTS = {
  app: ["runs in", "scales", "address"],
  site: ["served from", "address"],
  database: ["dialect", "copies", "size"],
  bucket: ["interface", "copies", "delivery"],
  kv: ["consistency", "writes", "reads"],
  queue: ["delivery", "keeps"],
  cron: ["grain", "missed times"],
  domain: ["registrar"],
  dns: ["zone"],
  secret: ["kept by"],
  service: [],
} as const satisfies Readonly<Record<ResourceKind, readonly string[]>>;

/** What one kind is like at a vendor: aspect -> one short phrase in plain words. */
export type Semantics<K extends ResourceKind> = Readonly<
  Record<(typeof ASPECTS)[K][number], string>
>;

/** What each kind that a vendor serves is like there; nodes that it refuses are never asked about. */
export type VendorSemantics = {
  readonly [K in ResourceKind]?: (node: Extract<ResourceNode, { kind: K }>) => Semantics<K>;
};
