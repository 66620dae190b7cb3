import { type LedgerState, loadState } from "./load-state.ts";
import type { LedgerStore } from "./store.ts";
import { type Changes, createChanges } from "./tables.ts";

/** What a section works on. `now` never runs backwards. */
export interface Section {
  readonly state: LedgerState;
  readonly changes: Changes;
  readonly now: number;
}

/** Runs sections one after the other on the state in memory. */
export interface GroupCommit {
  /** Resolves when what the section changed, and what it saw, is durable. */
  run<T>(work: (section: Section) => T): Promise<T>;
  /** Reads the store between two commits. */
  read: LedgerStore["read"];
  close(): Promise<void>;
}

interface Job {
  readonly work: (section: Section) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Most sections of one transaction. */
const BATCH_MAX = 256;

/**
 * Everybody who asks while a commit is under way shares the next one, so that many pay for one sync of the disk. A section that throws changes
 * nothing; a commit that fails fails all of its sections, and the state is read anew, for the store alone knows what it has.
 */
export function openGroupCommit(store: LedgerStore, clock: () => number): GroupCommit {
  let state: LedgerState | undefined;
  let queue: Job[] = [];
  let last: Promise<void> = Promise.resolve();
  let isRunning = false;

  /** One user of the store at a time. */
  const takeTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  };

  const drain = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      // Lets those who were answered just now ask again.
      await new Promise<void>((resolve) => setImmediate(resolve));
      await takeTurn(() => runBatch(queue.splice(0, BATCH_MAX)));
    }
    isRunning = false;
  };

  const runBatch = async (jobs: readonly Job[]): Promise<void> => {
    const done: (() => void)[] = [];
    try {
      state ??= await loadState(store);
      const changes = createChanges();
      const now = Math.max(clock(), state.time);
      for (const job of jobs) {
        try {
          const value = job.work({ state, changes, now });
          done.push(() => job.resolve(value as never));
        } catch (error) {
          // It may have stopped halfway: what it changed is forgotten with the state, and the others begin anew.
          state = undefined;
          queue = [...jobs.filter((one) => one !== job), ...queue];
          job.reject(error);
          return;
        }
      }
      if (!changes.isEmpty) {
        await store.commit(state.serial, now, changes);
        state.serial += 1;
        state.time = now;
      }
    } catch (error) {
      state = undefined;
      for (const { reject } of jobs) reject(error);
      return;
    }
    for (const resolve of done) resolve();
  };

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        queue.push({ work, resolve, reject });
        if (!isRunning) void drain();
      }),
    read: (work) => takeTurn(() => store.read(work)),
    close: () => takeTurn(() => store.close()),
  };
}
