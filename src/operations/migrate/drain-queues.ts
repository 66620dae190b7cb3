import { setTimeout as sleep } from "node:timers/promises";
import type { MigrationSource } from "../../adapters/vendors/migration-source.ts";
import { MigrationStop } from "./migration-stop.ts";

const POLL_MS = 100;

/**
 * Waits until queues are empty, at most `limitMs` milliseconds. What takes a message from one may send one to another that was looked at already, so all of them must be empty once more for
 * each queue that there is: then a message has no way left on which it was never seen. @throws MigrationStop `queue-not-empty`
 */
export async function drainQueues(
  { backlog }: Pick<MigrationSource, "backlog">,
  queues: readonly string[],
  limitMs: number,
): Promise<void> {
  const end = performance.now() + limitMs;
  for (let rounds = 0; rounds < queues.length; ) {
    let full: string | undefined;
    for (const queue of queues) if ((await backlog(queue)) > 0) full ??= queue;
    rounds = full === undefined ? rounds + 1 : 0;
    if (full === undefined) continue;
    if (performance.now() > end) throw new MigrationStop("queue-not-empty", full);
    await sleep(POLL_MS);
  }
}
