import { LEASE_GROUP } from "../compiler/4-emit/crossplane/crossplane-names.ts";
import { APPLYING_ENGINES, type ApplyingEngineId, type EngineId } from "../compiler/vocabulary.ts";
import { ENGINE_TITLES } from "./engine-titles.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** Whether stacks of an engine are applied here. */
export function isApplied(engine: EngineId): engine is ApplyingEngineId {
  return APPLYING_ENGINES.some((id) => id === engine);
}

/** Says no to running an engine for which a stack is printed only. */
export function refusePrinted(engine: Exclude<EngineId, ApplyingEngineId>): Refusal {
  return refuse({
    kind: "refused",
    code: "engine-only-printed",
    message: `nothing was done: a stack is printed for ${ENGINE_TITLES[engine]} and not applied, because no controller serves the kinds of ${LEASE_GROUP} yet`,
    remedy:
      "Use `--engine pulumi` or `--engine opentofu`; `compile` and `preview` work with `--engine crossplane`, too.",
    details: { engine },
  });
}
