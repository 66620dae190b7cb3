import type { ResourceSpec } from "../resource-spec.ts";
import { STORAGE_SPECS } from "./storage-specs.ts";
import { WORKER_SPECS } from "./worker-specs.ts";
import { ZONE_SPECS } from "./zone-specs.ts";

/** The engine's type token -> what the type asks of the API. */
export const SPECS: ReadonlyMap<string, ResourceSpec> = new Map(
  [...STORAGE_SPECS, ...WORKER_SPECS, ...ZONE_SPECS].map((spec) => [
    `cloudflare:index/${spec.token}`,
    spec,
  ]),
);
