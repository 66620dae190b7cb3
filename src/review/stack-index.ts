import type { Lowered, LoweredResource } from "../adapters/vendors/contract.ts";
import type { Model, ResourceNode } from "../compiler/2-model/model.ts";

/** One lowered resource with what it came from. */
export interface IndexedResource {
  readonly lowered: LoweredResource;
  readonly provider: string;
  /** The manifest resource; absent for what the provider as a whole needs. */
  readonly node?: ResourceNode | undefined;
  /** Position in the stack, for sorting. */
  readonly position: number;
}

/** A stack's resources by the engine's logical name. */
export interface StackIndex {
  readonly resources: ReadonlyMap<string, IndexedResource>;
  /** The first manifest resource on each provider. */
  readonly firstOn: ReadonlyMap<string, ResourceNode>;
}

/** Indexes what the compiler made, so that steps of the engine find their way back to the manifest. */
export function indexStack(model: Model, lowered: readonly Lowered[]): StackIndex {
  const nodes = new Map(model.resources.map((node) => [node.name, node]));
  const positions = new Map(model.resources.map(({ name }, i) => [name, i + 1]));
  const resources = new Map<string, IndexedResource>();
  for (const { provider, resources: list } of lowered)
    for (const resource of list) {
      const origin = resource.origin ?? "";
      const position = positions.get(origin) ?? 0;
      resources.set(resource.name, {
        lowered: resource,
        provider,
        node: nodes.get(origin),
        position,
      });
    }
  const firstOn = new Map(model.resources.toReversed().map((node) => [node.provider, node]));
  return { resources, firstOn };
}
