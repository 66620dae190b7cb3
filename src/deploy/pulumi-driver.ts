import type { Json } from "../util/canonical-json.ts";
import type { EngineDriver, StackContent } from "./engine-driver.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { destroyStack, ensureStack, previewStack, refreshLeases, upStack } from "./run-engine.ts";
import type { StackPlace } from "./stack-place.ts";

/** Pulumi's acts on a stack. */
export const pulumiDriver: EngineDriver = {
  ensureStack,
  previewStack,
  upStack,
  destroyStack,
  refreshLeases,
  isInterrupted(place) {
    const checkpoint = readCheckpoint(place);
    return typeof checkpoint !== "string" && checkpoint.pending.length > 0;
  },
  readStack: async ({ place }) => readPulumiStack(place),
};

/** Reads the state without starting the engine; secrets in it stay encrypted. */
export function readPulumiStack(place: StackPlace): StackContent | "absent" | "unreadable" {
  const checkpoint = readCheckpoint(place);
  if (typeof checkpoint === "string") return checkpoint;
  const { resources } = checkpoint;
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    resources: resources
      .filter(({ type }) => !type.startsWith("pulumi:"))
      .map(({ urn, type, inputs }) => ({
        urn,
        type,
        name: urn.slice(urn.lastIndexOf("::") + 2),
        values: inputs,
      })),
    outputs: (stack?.outputs ?? {}) as Readonly<Record<string, Json>>,
  };
}
