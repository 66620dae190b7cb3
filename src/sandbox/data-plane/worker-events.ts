import type { ScheduledOutcome } from "./data-plane.ts";
import type { BatchOutcome } from "./judge-batch.ts";
import type { LineSink } from "./plane-log.ts";
import type { DispatchBatch } from "./queue-broker.ts";
import { decodeBody } from "./queue-message.ts";
import type { WorkerdRuntime } from "./workerd-runtime.ts";

/** The event handlers of a Worker, as miniflare hands them to Node. */
interface EventHandlers {
  queue(queue: string, messages: readonly object[]): Promise<BatchOutcome>;
  scheduled(options: {
    readonly cron: string;
    readonly scheduledTime: Date;
  }): Promise<{ readonly outcome: string }>;
}

/** Calls the handlers of deployed Workers that are not `fetch`. */
export interface WorkerEvents {
  readonly dispatchBatch: DispatchBatch;
  /** `moment` in milliseconds since the epoch. What goes wrong is an answer and a line in the log. */
  fireSchedule(worker: string, cron: string, moment: number): Promise<ScheduledOutcome>;
}

/** `isDeployed` tells whether a Worker is there to be called. */
export function createWorkerEvents(
  runtime: WorkerdRuntime,
  isDeployed: (worker: string) => boolean,
  log: LineSink,
): WorkerEvents {
  async function call<T>(
    worker: string,
    work: (handlers: EventHandlers) => Promise<T>,
  ): Promise<T> {
    if (!isDeployed(worker)) throw new Error(`no Worker ${worker}`);
    return runtime.use(async ({ miniflare }) =>
      work((await miniflare.getWorker(worker)) as unknown as EventHandlers),
    );
  }
  return {
    dispatchBatch: (consumer, queue, batch) =>
      call(consumer.worker, (handlers) =>
        handlers.queue(
          queue.name,
          batch.map((message) => ({
            id: message.id,
            timestamp: new Date(message.sentAt),
            attempts: message.failures + 1,
            body: decodeBody(message),
          })),
        ),
      ),
    async fireSchedule(worker, cron, moment) {
      try {
        const options = { cron, scheduledTime: new Date(moment) };
        const { outcome } = await call(worker, (handlers) => handlers.scheduled(options));
        return { ok: true, outcome };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log(`scheduled ${worker}: ${message}`);
        return { ok: false, message };
      }
    },
  };
}
