import type { Api } from "../api.ts";
import { number, object, text } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { ConsumerRecord, QueueRecord } from "../storage-records.ts";

const READ = ["Queues Read", "Queues Write"] as const;
const WRITE = ["Queues Write"] as const;

/** Gives a handler the queue of the path, or answers that there is none. */
export type WithQueue = (
  work: (queue: QueueRecord, call: Call) => Response,
) => (call: Call) => Response;

/** A queue's consumers, of which it has one at most (API docs, Queues, Consumers). */
export function consumerRoutes(api: Api, withQueue: WithQueue): readonly Route[] {
  const base = "/accounts/:account/queues/:queue/consumers";
  const one = `${base}/:consumer`;
  const { consumers } = api.records;
  const withConsumer = (
    work: (queue: QueueRecord, found: ConsumerRecord, call: Call) => Response,
  ) =>
    withQueue((queue, call) => {
      const found = consumers.get(call.params.consumer ?? "");
      return found?.queueId === queue.id
        ? work(queue, found, call)
        : fail(404, 11002, "Consumer not found");
    });
  return [
    {
      method: "GET",
      path: base,
      needs: READ,
      handle: withQueue((queue) =>
        succeed(
          consumers
            .list()
            .filter(({ queueId }) => queueId === queue.id)
            .map((consumer) => printConsumer(queue, consumer)),
        ),
      ),
    },
    {
      method: "POST",
      path: base,
      needs: WRITE,
      handle: withQueue((queue, call) => create(api, queue, call)),
    },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withConsumer((queue, found) => succeed(printConsumer(queue, found))),
    },
    {
      method: "PUT",
      path: one,
      needs: WRITE,
      handle: withConsumer((queue, found, { body }) => {
        const read = readConsumer(api, queue, body);
        if (typeof read === "string") return fail(400, 11001, read);
        const updated = { ...found, ...read };
        consumers.put(found.id, updated);
        return succeed(printConsumer(queue, updated));
      }),
    },
    {
      method: "DELETE",
      path: one,
      needs: WRITE,
      handle: withConsumer((_queue, found) => {
        consumers.delete(found.id);
        return succeed(null);
      }),
    },
  ];
}

/** The consumer as the API prints it. */
export function printConsumer(queue: QueueRecord, consumer: ConsumerRecord): object {
  const { scriptName, deadLetterQueue } = consumer;
  return {
    consumer_id: consumer.id,
    queue_name: queue.name,
    created_on: consumer.createdOn,
    type: consumer.type,
    ...(scriptName === undefined ? {} : { script_name: scriptName, script: scriptName }),
    ...(deadLetterQueue === undefined ? {} : { dead_letter_queue: deadLetterQueue }),
    settings: {
      batch_size: consumer.batchSize,
      max_retries: consumer.maxRetries,
      max_wait_time_ms: consumer.maxWaitMilliseconds,
      max_concurrency: consumer.maxConcurrency,
      retry_delay: consumer.retryDelay,
    },
  };
}

function create(api: Api, queue: QueueRecord, { body }: Call): Response {
  const { consumers } = api.records;
  if (consumers.list().some(({ queueId }) => queueId === queue.id))
    return fail(400, 11004, "workers.api.error.consumer_exists");
  const read = readConsumer(api, queue, body);
  if (typeof read === "string") return fail(400, 11001, read);
  const consumer = {
    id: api.newId(),
    accountId: queue.accountId,
    queueId: queue.id,
    createdOn: api.timestamp(),
    ...read,
  };
  consumers.put(consumer.id, consumer);
  return succeed(printConsumer(queue, consumer));
}

type ConsumerBody = Omit<ConsumerRecord, "id" | "accountId" | "queueId" | "createdOn">;

/** Defaults: batches of 10, 3 retries, 5 seconds (Queues docs, "Configure queues"). A text says what is wrong. */
function readConsumer(api: Api, queue: QueueRecord, body: unknown): ConsumerBody | string {
  const settings = object(body, "settings");
  const type = text(body, "type") ?? "worker";
  const scriptName = text(body, "script_name") ?? text(body, "script");
  const deadLetterQueue = text(body, "dead_letter_queue");
  if (
    type === "worker" &&
    api.records.scripts.get(`${queue.accountId}/${scriptName}`) === undefined
  )
    return "the script does not exist";
  return {
    type,
    scriptName,
    deadLetterQueue: deadLetterQueue === "" ? undefined : deadLetterQueue,
    batchSize: number(settings, "batch_size") ?? 10,
    maxRetries: number(settings, "max_retries") ?? 3,
    maxWaitMilliseconds: number(settings, "max_wait_time_ms") ?? 5_000,
    maxConcurrency: number(settings, "max_concurrency") ?? null,
    retryDelay: number(settings, "retry_delay") ?? 0,
  };
}
