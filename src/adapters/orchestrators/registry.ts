// Written by `npm run gen` from the folders beside it; changes are lost.
import app from "./app/index.ts";
import type { OrchestratorProfile } from "./contract.ts";

/** Everyone who can vouch for a principal, by id. */
export const ORCHESTRATORS: readonly OrchestratorProfile[] = [app];
