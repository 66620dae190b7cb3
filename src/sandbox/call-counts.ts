import type { SandboxStore } from "./context.ts";
import { patternPath } from "./path-pattern.ts";

/** How often a call came, in the books. */
export interface CallCount {
  readonly method: string;
  /** See `patternPath`. */
  readonly path: string;
  /** Requests that arrived, those a fault stopped included. */
  readonly arrived: number;
  /** Times a surface was asked to handle one: 0 for a refused request, 2 for a duplicated one. */
  readonly handled: number;
}

/** Counts the calls to every surface but the admin's; durable. */
export interface CallCounts {
  count(method: string, path: string, handled: number): void;
  list(): readonly CallCount[];
}

/** Counts in the collection `calls`. */
export function createCallCounts(store: SandboxStore): CallCounts {
  const calls = store.collection<CallCount>("calls");
  return {
    count(method, rawPath, handled) {
      const path = patternPath(rawPath);
      const key = `${method} ${path}`;
      const before = calls.get(key) ?? { method, path, arrived: 0, handled: 0 };
      calls.put(key, {
        method,
        path,
        arrived: before.arrived + 1,
        handled: before.handled + handled,
      });
    },
    list: () => calls.list(),
  };
}
