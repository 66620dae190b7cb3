import type { Model } from "../../../compiler/2-model/model.ts";
import { vendorName } from "../vendor-name.ts";

/** Cloud Run takes at most 49 characters, and with a project's number the name must be a label of DNS (Cloud Run docs, "Deterministic URL"). */
const MAX_LENGTH = 49;

/** What a bundle for Google exports, each a function: see src/runtime/handle-google.ts. */
export type Entry = "app" | "queue" | "scheduled";

/** What a function is called, and the Cloud Run service that runs it. */
export function serviceName(model: Model, app: string, entry: Entry): string {
  if (entry === "app") return vendorName(model, app, MAX_LENGTH);
  const suffix = `--${entry}`;
  return `${vendorName(model, app, MAX_LENGTH - suffix.length)}${suffix}`;
}
