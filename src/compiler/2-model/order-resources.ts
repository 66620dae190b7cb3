import { createMinHeap } from "../../util/min-heap.ts";

/** Something with a name and the names of what must come before it. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

export interface Order {
  /** Names, dependencies first; among those that could come next, the one that stands first in the list. */
  readonly order: readonly string[];
  /** One circle of every group of resources that need each other, each as `[a, b, a]`; they are not in `order`. */
  readonly cycles: readonly (readonly string[])[];
}

/** Sorts topologically. Names that are not in the list are ignored. Without recursion, O((n + dependencies) log n). */
export function orderResources(resources: readonly Dependent[]): Order {
  const index = new Map(resources.map(({ name }, i) => [name, i]));
  const missing = resources.map(
    ({ dependsOn }) => dependsOn.filter((name) => index.has(name)).length,
  );
  const users: number[][] = resources.map(() => []);
  for (const [i, { dependsOn }] of resources.entries())
    for (const name of dependsOn) users[index.get(name) ?? -1]?.push(i);
  const ready = createMinHeap();
  for (const [i, count] of missing.entries()) if (count === 0) ready.push(i);
  const order: string[] = [];
  for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
    order.push(resources[i]?.name ?? "");
    for (const user of users[i] ?? []) {
      missing[user] = (missing[user] ?? 0) - 1;
      if (missing[user] === 0) ready.push(user);
    }
  }
  const left = resources.filter((_, i) => (missing[i] ?? 0) > 0);
  return { order, cycles: findCycles(left) };
}

/** Follows the first open dependency of each resource until a name comes back; each resource is visited once. */
function findCycles(left: readonly Dependent[]): readonly (readonly string[])[] {
  const byName = new Map(left.map((resource) => [resource.name, resource]));
  const visitedIn = new Map<string, number>();
  const cycles: (readonly string[])[] = [];
  for (const [walk, start] of left.entries()) {
    const path: string[] = [];
    let next: string | undefined = start.name;
    while (next !== undefined && !visitedIn.has(next)) {
      visitedIn.set(next, walk);
      path.push(next);
      next = byName.get(next)?.dependsOn.find((name) => byName.has(name));
    }
    if (next !== undefined && visitedIn.get(next) === walk)
      cycles.push([...path.slice(path.indexOf(next)), next]);
  }
  return cycles;
}
