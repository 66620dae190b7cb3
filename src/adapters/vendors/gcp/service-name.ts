import type { Model } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import { vendorName } from "../vendor-name.ts";

/** Cloud Run takes at most 49 characters, and with a project's number the name must be a label of DNS (Cloud Run docs, "Deterministic URL"). */
const MAX_LENGTH = 49;

/** What a bundle for Google exports, each a function: see src/runtime/handle-google.ts. */
export type Entry = "app" | "queue" | "scheduled";

const HASH_LENGTH = 8;

/**
 * What a function is called, and the Cloud Run service that runs it. All that a service's name may hold a manifest's may hold, too: what visitors do not call has a hash of
 * something that no other app is called, so that `shop` with a queue does not meet an app `shop-queue`.
 */
export function serviceName(model: Model, app: string, entry: Entry): string {
  if (entry === "app") return vendorName(model, app, MAX_LENGTH);
  const suffix = `-${entry}-${sha256(`${app}_${entry}`).slice(0, HASH_LENGTH)}`;
  return `${vendorName(model, app, MAX_LENGTH - suffix.length)}${suffix}`;
}
