import { ISSUERS } from "../../src/adapters/issuers/registry.ts";
import type { Lowered } from "../../src/adapters/vendors/contract.ts";
import { buildReview } from "../../src/review/build-review.ts";
import type { EngineOp, EngineStep } from "../../src/review/engine-step.ts";
import type { Review } from "../../src/review/review.ts";
import { sha256 } from "../../src/util/sha256.ts";
import {
  type CompiledText,
  compileText,
  STOREFRONT,
  STOREFRONT_GUARDRAILS,
} from "../policy/compile-text.ts";

export const FILES = [
  { path: "index.ts", sha256: sha256("index") },
  { path: "Pulumi.yaml", sha256: sha256("project") },
];

/** With digests that do not change whenever the manifest or the catalogue does. */
export function compileStorefront(
  stack: string,
  existing?: ReadonlySet<string> | undefined,
): CompiledText {
  const compiled = compileText(STOREFRONT, { guardrails: STOREFRONT_GUARDRAILS, stack, existing });
  const digests = {
    manifest: sha256("manifest"),
    guardrails: sha256("guardrails"),
    catalog: sha256("catalog"),
  };
  return { ...compiled, model: { ...compiled.model, digests } };
}

/** By name, for what the storefront has. */
const TYPES: ReadonlyMap<string, string> = new Map(
  compileStorefront("prod").lowered.flatMap(({ resources }) =>
    resources.map(({ name, type }) => [name, type] as const),
  ),
);

export function stepOf(
  op: EngineOp,
  name: string,
  changedKeys: readonly string[] = [],
): EngineStep {
  const type = TYPES.get(name) ?? "cloudflare:index/thing:Thing";
  return { op, urn: `urn:pulumi:prod::storefront::${type}::${name}`, type, name, changedKeys };
}

/** The steps of a preview: the stack itself, the engine's default provider, and every lowered resource. */
export function stepsFor(
  lowered: readonly Lowered[],
  opOf: (name: string) => EngineOp,
): readonly EngineStep[] {
  const stack = { ...stepOf("create", "storefront-prod"), type: "pulumi:pulumi:Stack" };
  const own = { ...stepOf("create", "default_6_22_1"), type: "pulumi:providers:cloudflare" };
  const resources = lowered.flatMap(({ resources }) => resources);
  return [stack, own, ...resources.map(({ name }) => stepOf(opOf(name), name))];
}

/** The storefront on a stack where nothing is yet. */
export function reviewStorefront(stack: string): Review {
  const compiled = compileStorefront(stack);
  const steps = stepsFor(compiled.lowered, () => "create");
  return buildReview({ ...compiled, files: FILES, steps, issuers: ISSUERS });
}
