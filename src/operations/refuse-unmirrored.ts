import type { Lowered } from "../adapters/vendors/contract.ts";
import { findVendor } from "../adapters/vendors/find-vendor.ts";
import type { EngineId } from "../compiler/vocabulary.ts";
import { MIRRORED_PROVIDERS } from "../deploy/opentofu/mirrored-providers.ts";
import { type Refusal, refuse } from "./outcome.ts";

/**
 * Says no to a stack for which OpenTofu has no provider here that can do this much: to plan it, before an engine is built or anything is written; to apply it, before
 * anything is made.
 */
export function refuseUnmirrored(
  engine: EngineId,
  lowered: readonly Lowered[],
  act: "plan" | "apply",
): Refusal | undefined {
  if (engine !== "opentofu") return undefined;
  const able = MIRRORED_PROVIDERS.filter(({ applies }) => applies || act === "plan");
  const known = new Set(able.map(({ name }) => name));
  const [found] = lowered.flatMap(({ provider, resources }) =>
    resources.flatMap(({ type }) => {
      const name = type.replace(/^provider_/, "").split("_", 1)[0] ?? "";
      return known.has(name) ? [] : [{ provider, name }];
    }),
  );
  if (found === undefined) return undefined;
  const { title } = findVendor(found.provider);
  const has = [...known].map((name) => `\`${name}\``).join(", ");
  return refuse({
    kind: "refused",
    code: "engine-without-provider",
    message: `nothing was ${act === "plan" ? "done" : "changed"}: to ${act} resources at ${title} OpenTofu needs its provider \`${found.name}\`, and here it has ${has} for that`,
    remedy:
      "Use `--engine pulumi`, or take what `compile --engine opentofu` prints to a `tofu` of your own.",
    details: { provider: found.provider, package: found.name },
  });
}
