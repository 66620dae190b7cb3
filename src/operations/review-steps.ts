import { SERVICE_REFERENCE } from "../catalog/service-reference.ts";
import type { EngineStep } from "../deploy/engine-step.ts";
import type { EngineStep as ReviewStep } from "../review/engine-step.ts";
import { schemaTypeOf } from "../review/schema-type-of.ts";

/** The engine's steps in the review's terms: names of what differs, no values but for services of the catalogue. */
export function toReviewSteps(steps: readonly EngineStep[]): readonly ReviewStep[] {
  return steps.map((step) => {
    const { operation, urn, type, name, changed } = step;
    const formerService = findFormerService(step);
    return {
      ...{ op: operation, urn, type, name, changedKeys: changed },
      ...(formerService !== undefined && { formerService }),
    };
  });
}

function findFormerService({ type, before }: EngineStep): string | undefined {
  const service = before?.service;
  const isService = schemaTypeOf(type) === "supercargo_service_instance";
  const isNamed = typeof service === "string" && SERVICE_REFERENCE.test(service);
  return isService && isNamed ? service : undefined;
}
