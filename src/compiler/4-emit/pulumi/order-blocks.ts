import type { LoweredResource } from "../../../adapters/vendors/contract.ts";
import { resourceReferences } from "../references.ts";

/** Resources that stand together: those of one manifest resource, in the vendor's order, or one shared resource. */
export type Block = readonly LoweredResource[];

/**
 * Groups resources by the manifest resource they come from and moves a block up to where it is first needed, as a constant must be
 * declared before it is used; otherwise the order stays. Linear in resources and references. Throws for a circle, which would be a
 * bug: the model has none.
 */
export function orderBlocks(resources: readonly LoweredResource[]): readonly Block[] {
  const { blocks, blockOf } = groupByOrigin(resources);
  const needs = blocks.map((block, i) => neededBlocks(block, blockOf, i));
  const progress = blocks.map(() => 0);
  const state: ("open" | "done" | undefined)[] = [];
  const ordered: Block[] = [];
  for (const start of blocks.keys()) {
    // A path of our own instead of recursion, as a chain of references can be longer than the call stack.
    const path = [start];
    for (let i = path.at(-1); i !== undefined; i = path.at(-1)) {
      const next = state[i] === "done" ? undefined : needs[i]?.[progress[i] ?? 0];
      if (next === undefined) {
        path.pop();
        if (state[i] !== "done") ordered.push(orderWithin(blocks[i] ?? []));
        state[i] = "done";
      } else if (state[next] === "done") {
        progress[i] = (progress[i] ?? 0) + 1;
      } else {
        if (state[next] === "open") throw new Error("resources refer to each other in a circle");
        state[i] = "open";
        path.push(next);
      }
    }
  }
  return ordered;
}

function groupByOrigin(resources: readonly LoweredResource[]): {
  readonly blocks: readonly Block[];
  readonly blockOf: ReadonlyMap<string, number>;
} {
  const blocks: LoweredResource[][] = [];
  const blockOf = new Map<string, number>();
  const byOrigin = new Map<string, number>();
  for (const resource of resources) {
    const { name, origin } = resource;
    const index = (origin === undefined ? undefined : byOrigin.get(origin)) ?? blocks.length;
    if (origin !== undefined) byOrigin.set(origin, index);
    blocks[index] ??= [];
    blocks[index].push(resource);
    blockOf.set(name, index);
  }
  return { blocks, blockOf };
}

/** Blocks that a block refers to, first need first, without itself. */
function neededBlocks(
  block: Block,
  blockOf: ReadonlyMap<string, number>,
  self: number,
): readonly number[] {
  const found = new Set<number>();
  for (const name of block.flatMap(resourceReferences)) {
    const index = blockOf.get(name);
    if (index !== undefined && index !== self) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

/** Two vendors may have made parts of one block: each part goes behind those that it refers to, and otherwise keeps its place. */
function orderWithin(block: Block): Block {
  if (block.length < 2) return block;
  const byName = new Map(block.map((resource) => [resource.name, resource]));
  const ordered = new Set<LoweredResource>();
  const add = (resource: LoweredResource): void => {
    for (const name of resourceReferences(resource)) {
      const needed = byName.get(name);
      if (needed === undefined || ordered.has(needed)) continue;
      byName.delete(name);
      add(needed);
    }
    ordered.add(resource);
  };
  for (const resource of block) if (!ordered.has(resource)) add(resource);
  return [...ordered];
}
