/** Counts work under way, so that a restart can wait for its end. */
export interface BusyGate {
  /** Runs `work` and counts it meanwhile. */
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way, after `milliseconds` at the latest. */
  drain(milliseconds: number): Promise<void>;
}

/** A gate through which nothing has passed. */
export function createBusyGate(): BusyGate {
  let busy = 0;
  let onIdle: (() => void) | undefined;
  return {
    async pass(work) {
      busy += 1;
      try {
        return await work();
      } finally {
        busy -= 1;
        if (busy === 0) onIdle?.();
      }
    },
    async drain(milliseconds) {
      if (busy === 0) return;
      let deadline: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        onIdle = resolve;
        deadline = setTimeout(resolve, milliseconds);
      });
      clearTimeout(deadline);
      onIdle = undefined;
    },
  };
}
