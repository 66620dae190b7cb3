import type { MigrationSource } from "../../adapters/vendors/migration-source.ts";
import { drainQueues } from "./drain-queues.ts";
import { MigrationStop } from "./migration-stop.ts";

/** How long a queue may take to be empty while everybody still writes, milliseconds. */
const PATIENCE_MS = 15_000;

/** The queues of a stack by their names at the vendor that is left. */
export interface QueuesToLeave {
  /** Those whose messages an app receives. */
  readonly consumed: readonly string[];
  readonly unconsumed: readonly string[];
}

/**
 * Says, while the app still runs at the old place, whether its queues can be emptied: once the names have ended it is down until they are. Each must be empty for a moment, which one with
 * long delays is not, and one that nobody consumes must be so at once. @throws MigrationStop `queue-not-empty`
 */
export async function checkQueues(
  source: Pick<MigrationSource, "backlog" | "hurryQueue">,
  { consumed, unconsumed }: QueuesToLeave,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const checkIdle = async (): Promise<void> => {
    for (const queue of unconsumed)
      if ((await source.backlog(queue)) > 0) throw new MigrationStop("queue-not-empty", queue);
  };
  await checkIdle();
  for (const queue of consumed) {
    await source.hurryQueue(queue);
    await drainQueues(source, [queue], patienceMs);
  }
  // What was drained may have handed something on to them.
  await checkIdle();
}
