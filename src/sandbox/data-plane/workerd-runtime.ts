import type { Miniflare, MiniflareOptions } from "miniflare";
import { createBusyGate } from "./busy-gate.ts";
import { explainFailure } from "./explain-failure.ts";
import { createPlaneLog, type LineSink } from "./plane-log.ts";

/** A running miniflare and the port of its workerd. */
export interface RunningWorkerd {
  readonly miniflare: Miniflare;
  readonly port: number;
}

/** workerd could not run what is deployed. `message` is workerd's own, for the developer. */
export class WorkerdError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WorkerdError";
  }
}

/** What has to run; `key` is equal for equal needs. */
export interface Wanted {
  readonly key: string;
  build(): MiniflareOptions;
}

/** One workerd that follows what is wanted. */
export interface WorkerdRuntime {
  /** Brings workerd up to date after a moment of quiet, so that a run of deploys costs one restart. */
  schedule(): void;
  /**
   * Runs `work` on an up-to-date workerd, which stays up until `work` is done, or for {@link DRAIN_MS} after a later deploy.
   * Rejects with {@link WorkerdError} when workerd cannot run what is wanted.
   */
  use<T>(work: (running: RunningWorkerd) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How long a deploy waits for requests under way, in milliseconds. */
export const DRAIN_MS = 5_000;

/** How long a deploy waits for further deploys while nobody asks for anything, in milliseconds. */
const QUIET_MS = 50;

/** How long a failed start is told again before the next try, in milliseconds. */
const RETRY_MS = 2_000;

/** Starts workerd at the first need. `want` tells at any time what has to run. */
export function createWorkerdRuntime(want: () => Wanted, log: LineSink): WorkerdRuntime {
  let running: (RunningWorkerd & { readonly key: string }) | undefined;
  let miniflare: Miniflare | undefined;
  let failure:
    | { readonly key: string; readonly error: WorkerdError; readonly at: number }
    | undefined;
  let updating: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const gate = createBusyGate();

  async function update(): Promise<void> {
    clearTimeout(timer);
    await gate.drain(DRAIN_MS);
    if (isClosed) throw new WorkerdError("the sandbox is stopping");
    const { key, build } = want();
    running = undefined;
    try {
      const { Miniflare, Log, LogLevel } = await import("miniflare");
      const options = { ...build(), log: createPlaneLog(Log, LogLevel.WARN, log) };
      if (miniflare === undefined) miniflare = new Miniflare(options);
      else await miniflare.setOptions(options);
      const url = await miniflare.ready;
      running = { key, miniflare, port: Number(url.port) };
      failure = undefined;
    } catch (error) {
      failure = { key, error: new WorkerdError(explainFailure(error)), at: Date.now() };
    }
  }

  async function settle(): Promise<RunningWorkerd> {
    for (;;) {
      const { key } = want();
      if (updating === undefined) {
        if (failure?.key === key && Date.now() - failure.at < RETRY_MS) throw failure.error;
        if (running?.key === key) return running;
        updating = update().finally(() => {
          updating = undefined;
        });
      }
      await updating;
    }
  }

  return {
    schedule() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        settle().catch(() => {
          // Told to whoever asks for the app next.
        });
      }, QUIET_MS);
      timer.unref();
    },
    async use(work) {
      let current = await settle();
      // A deploy may have begun between the answer and this line.
      while (updating !== undefined) current = await settle();
      return gate.pass(() => work(current));
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await updating?.catch(() => {});
      await miniflare?.dispose().catch(() => {});
      running = undefined;
    },
  };
}
