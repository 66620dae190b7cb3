import { type MigrationSource, SourceError } from "../../adapters/vendors/migration-source.ts";
import { MigrationStop } from "./migration-stop.ts";

/** Says whether queues that are to be removed are empty; one that is gone holds nothing. @throws MigrationStop `queue-not-empty` */
export async function checkLeft(
  source: Pick<MigrationSource, "backlog">,
  queues: readonly string[],
): Promise<void> {
  for (const queue of queues)
    if ((await countLeft(source, queue)) > 0) throw new MigrationStop("queue-not-empty", queue);
}

async function countLeft(source: Pick<MigrationSource, "backlog">, queue: string): Promise<number> {
  try {
    return await source.backlog(queue);
  } catch (error) {
    if (error instanceof SourceError && error.code === `no-${queue}`) return 0;
    throw error;
  }
}
