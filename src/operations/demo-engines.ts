import { join } from "node:path";
import { packageFolder } from "../deploy/machine-folders.ts";
import { compareEngines, type EngineComparison } from "./compare-engines.ts";
import type { Outcome } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

/** Compares the engines on the storefront template. */
export function demoEngines(workplace: Workplace): Promise<Outcome<EngineComparison>> {
  return compareEngines(workplace, { path: join(packageFolder(), "templates/storefront") });
}
