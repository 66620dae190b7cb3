import { matchesCron } from "./cron-expression.ts";
import type { PlaneWorker } from "./plan.ts";

const MINUTE_MS = 60_000;

/** Calls `fire` for each schedule of the minute that has begun. A jump of the clock fires its last minute only. */
export interface ScheduleClock {
  /** Looks at the clock; called every second. */
  tick(): void;
}

/** `now` is the sandbox's clock in milliseconds; the minute of the first look is taken as done. */
export function createScheduleClock(
  now: () => number,
  listWorkers: () => readonly PlaneWorker[],
  fire: (worker: PlaneWorker, cron: string, scheduledTime: number) => void,
): ScheduleClock {
  let last = Math.floor(now() / MINUTE_MS);
  return {
    tick() {
      const minute = Math.floor(now() / MINUTE_MS);
      if (minute === last) return;
      last = minute;
      const moment = minute * MINUTE_MS;
      for (const worker of listWorkers())
        for (const { text, expression } of worker.crons)
          if (matchesCron(expression, moment)) fire(worker, text, moment);
    },
  };
}
