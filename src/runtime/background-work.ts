import type { AppContext } from "./portable-app.ts";

export interface BackgroundWork {
  readonly context: AppContext;
  /** Resolves once all work that was handed over has ended, also what came meanwhile. Never rejects. */
  settle(): Promise<void>;
}

/** Keeps what an app hands to `waitUntil`; `report` is told of each failure. */
export function createBackgroundWork(report: (failure: unknown) => void): BackgroundWork {
  const open = new Set<Promise<void>>();
  const waitUntil = (work: Promise<unknown>): void => {
    const watched = Promise.resolve(work)
      .then(() => undefined, report)
      .finally(() => open.delete(watched));
    open.add(watched);
  };
  return {
    context: { waitUntil, passThroughOnException: () => undefined },
    async settle() {
      while (open.size > 0) await Promise.all(open);
    },
  };
}
