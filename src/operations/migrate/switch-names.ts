import { setTimeout as sleep } from "node:timers/promises";
import type { MigrationSource } from "../../adapters/vendors/migration-source.ts";
import type { DataMove } from "./data-moves.ts";
import { drainQueues } from "./drain-queues.ts";
import { MigrationStop } from "./migration-stop.ts";

/** How long requests that are under way have to end once nothing leads to the old place any more, milliseconds. */
const GRACE_MS = 1_000;
const DRAIN_MS = 60_000;
/** Passes of copy and comparison with nobody writing: the second finds nothing unless something else is wrong. */
const PASSES = 3;

/** What the names lead to, and how the new place begins. */
export interface Switch {
  readonly source: MigrationSource;
  readonly moves: readonly DataMove[];
  /** By their names at the vendor that is left. */
  readonly workers: readonly string[];
  /** Those that an app consumes: others are never emptied. */
  readonly queues: readonly string[];
  readonly zones: readonly string[];
  /** Told once the old place is answered by nobody. */
  onLeft(): void;
  /** Told once everything is carried over and found equal, before an app of the new place runs. Durable when it returns. */
  onCarried(checked: Readonly<Record<string, number>>): void;
  /** Lets the apps of the new place run; requests wait at its proxy until they do. */
  startApps(): Promise<void>;
}

/**
 * Ends what leads to the old place, lets what is under way and in the queues end there, carries over what was written since, compares everything, and starts the apps. Requests
 * that come meanwhile wait at the new place's proxy, which tries for 25 seconds to reach an app. @returns rows, objects and keys by resource, and for how long requests waited.
 */
export async function switchNames(
  work: Switch,
): Promise<{ readonly checked: Record<string, number>; readonly heldMs: number }> {
  const { source, moves, workers, queues, zones } = work;
  for (const queue of queues) await source.hurryQueue(queue);
  const begun = performance.now();
  await source.quiet(workers, zones);
  work.onLeft();
  await sleep(GRACE_MS);
  await drainQueues(source, queues, DRAIN_MS);
  // Requests wait for it, so all at the same time.
  const settled = moves.map(async (move) => [move.resource, await settle(move)] as const);
  const checked = Object.fromEntries(await Promise.all(settled));
  work.onCarried(checked);
  await work.startApps();
  return { checked, heldMs: Math.round(performance.now() - begun) };
}

async function settle({ resource, sync, compare }: DataMove): Promise<number> {
  for (let pass = 0; pass < PASSES; pass++) {
    await sync();
    const { items, differing } = await compare();
    if (differing.size === 0) return items;
  }
  throw new MigrationStop("data-differs", resource);
}
