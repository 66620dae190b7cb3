import type { EngineId } from "../compiler/vocabulary.ts";

/** For people. */
export const ENGINE_TITLES: Readonly<Record<EngineId, string>> = {
  pulumi: "the Pulumi engine",
  opentofu: "OpenTofu",
  crossplane: "Crossplane",
};
