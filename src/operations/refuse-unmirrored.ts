import type { Lowered } from "../adapters/vendors/contract.ts";
import { findVendor } from "../adapters/vendors/find-vendor.ts";
import type { EngineId } from "../compiler/vocabulary.ts";
import { MIRRORED_PROVIDERS } from "../deploy/opentofu/mirrored-providers.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** Says no to a stack of which OpenTofu would need a provider that it does not have here, before an engine is built or anything is written. */
export function refuseUnmirrored(
  engine: EngineId,
  lowered: readonly Lowered[],
): Refusal | undefined {
  if (engine !== "opentofu") return undefined;
  const known = new Set(MIRRORED_PROVIDERS.map(({ name }) => name));
  const [found] = lowered.flatMap(({ provider, resources }) =>
    resources.flatMap(({ type }) => {
      const name = type.replace(/^provider_/, "").split("_", 1)[0] ?? "";
      return known.has(name) ? [] : [{ provider, name }];
    }),
  );
  if (found === undefined) return undefined;
  const { title } = findVendor(found.provider);
  return refuse({
    kind: "refused",
    code: "engine-without-provider",
    message: `nothing was done: resources at ${title} need OpenTofu's provider \`${found.name}\`, and here OpenTofu has ${[...known].map((name) => `\`${name}\``).join(" and ")} alone`,
    remedy:
      "Use `--engine pulumi`, or take what `compile --engine opentofu` prints to a `tofu` of your own.",
    details: { provider: found.provider, package: found.name },
  });
}
