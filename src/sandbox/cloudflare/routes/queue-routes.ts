import type { OutgoingMessage } from "../../data-plane/queue-broker.ts";
import type { Api } from "../api.ts";
import { isBody, list, number, object, text } from "../body-fields.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { ConsumerRecord, QueueRecord } from "../storage-records.ts";
import { consumerRoutes, printConsumer, type WithQueue } from "./consumer-routes.ts";

const READ = ["Queues Read", "Queues Write"] as const;
const WRITE = ["Queues Write"] as const;
const BASE = "/accounts/:account/queues";

/** Queues, their consumers, and messages pushed over HTTP (API docs, Queues). */
export function queueRoutes(api: Api): readonly Route[] {
  const { queues } = api.records;
  const withQueue: WithQueue = (work) => (call) => {
    const queue = queues.get(call.params.queue ?? "");
    return queue?.accountId === call.accountId
      ? work(queue, call)
      : fail(404, 11000, "Queue not found");
  };
  const one = `${BASE}/:queue`;
  const updates = (["PUT", "PATCH"] as const).map(
    (method): Route => ({
      method,
      path: one,
      needs: WRITE,
      handle: withQueue((queue, call) => update(api, queue, call)),
    }),
  );
  return [
    {
      method: "GET",
      path: BASE,
      needs: READ,
      handle: ({ accountId, url }) =>
        succeedPage(
          url,
          queues
            .list()
            .filter((queue) => queue.accountId === accountId)
            .map((queue) => printQueue(api, queue)),
        ),
    },
    { method: "POST", path: BASE, needs: WRITE, handle: (call) => create(api, call) },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withQueue((queue) => succeed(printQueue(api, queue))),
    },
    {
      method: "GET",
      path: `${one}/metrics`,
      needs: READ,
      handle: withQueue(({ id }) => {
        const { backlogCount, backlogBytes } = api.plane.backlog(id);
        return succeed({ backlog_count: backlogCount, backlog_bytes: backlogBytes });
      }),
    },
    ...updates,
    { method: "DELETE", path: one, needs: WRITE, handle: withQueue((queue) => remove(api, queue)) },
    {
      method: "POST",
      path: `${one}/messages`,
      needs: WRITE,
      handle: withQueue((queue, { body }) => push(api, queue, [body])),
    },
    {
      method: "POST",
      path: `${one}/messages/batch`,
      needs: WRITE,
      handle: withQueue((queue, { body }) =>
        push(api, queue, list(body, "messages"), number(body, "delay_seconds")),
      ),
    },
    ...consumerRoutes(api, withQueue),
  ];
}

function printQueue(api: Api, queue: QueueRecord): object {
  const consumers = api.records.consumers.list().filter(({ queueId }) => queueId === queue.id);
  const producers = api.records.scripts
    .list()
    .filter(
      ({ accountId, content }) =>
        accountId === queue.accountId && bindsQueue(content?.bindings ?? [], queue),
    );
  return {
    queue_id: queue.id,
    queue_name: queue.name,
    created_on: queue.createdOn,
    modified_on: queue.modifiedOn,
    producers: producers.map(({ name }) => ({ type: "worker", script: name })),
    producers_total_count: producers.length,
    consumers: consumers.map((consumer) => printConsumer(queue, consumer)),
    consumers_total_count: consumers.length,
    settings: {
      delivery_delay: queue.deliveryDelay,
      delivery_paused: queue.deliveryPaused,
      message_retention_period: queue.retentionSeconds,
    },
  };
}

function bindsQueue(bindings: readonly unknown[], queue: QueueRecord): boolean {
  return bindings.some((binding) => text(binding, "queue_name") === queue.name);
}

/** Defaults: no delay, four days of retention (Queues docs, "Limits"). */
function readSettings(body: unknown, before?: QueueRecord) {
  const settings = object(body, "settings");
  const paused = settings?.delivery_paused;
  return {
    deliveryDelay: number(settings, "delivery_delay") ?? before?.deliveryDelay ?? 0,
    deliveryPaused: typeof paused === "boolean" ? paused : (before?.deliveryPaused ?? false),
    retentionSeconds:
      number(settings, "message_retention_period") ?? before?.retentionSeconds ?? 345_600,
  };
}

function isTaken(api: Api, accountId: string, name: string, self?: string): boolean {
  return api.records.queues
    .list()
    .some((other) => other.accountId === accountId && other.name === name && other.id !== self);
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function create(api: Api, { accountId, body }: Call): Response {
  const name = text(body, "queue_name") ?? "";
  if (!NAME.test(name)) return fail(400, 11003, "Queue name is not valid");
  if (isTaken(api, accountId, name))
    return fail(409, 11009, `Queue name '${name}' is already taken`);
  const now = api.timestamp();
  const settings = readSettings(body);
  const queue: QueueRecord = {
    id: api.newId(),
    accountId,
    name,
    createdOn: now,
    modifiedOn: now,
    ...settings,
  };
  api.records.queues.put(queue.id, queue);
  return succeed(printQueue(api, queue));
}

function update(api: Api, queue: QueueRecord, { body }: Call): Response {
  const name = text(body, "queue_name") ?? queue.name;
  if (!NAME.test(name)) return fail(400, 11003, "Queue name is not valid");
  if (isTaken(api, queue.accountId, name, queue.id))
    return fail(409, 11009, `Queue name '${name}' is already taken`);
  const updated = { ...queue, name, modifiedOn: api.timestamp(), ...readSettings(body, queue) };
  api.records.queues.put(queue.id, updated);
  return succeed(printQueue(api, updated));
}

function remove(api: Api, queue: QueueRecord): Response {
  const { records, plane, context } = api;
  const consumers = records.consumers
    .list()
    .filter(({ queueId }: ConsumerRecord) => queueId === queue.id);
  context.store.transaction(() => {
    for (const consumer of consumers) records.consumers.delete(consumer.id);
    records.queues.delete(queue.id);
    plane.purgeQueue(queue.id);
  });
  return succeed(null);
}

/** A message is `{body, content_type?: json|text|bytes, delay_seconds?}`; JSON is the default. */
function push(api: Api, queue: QueueRecord, entries: readonly unknown[], delay?: number): Response {
  const messages: OutgoingMessage[] = [];
  for (const entry of entries) {
    const type = text(entry, "content_type") ?? "json";
    const content = isBody(entry) ? entry.body : undefined;
    const isText = type === "text" || type === "bytes";
    if (
      !(isText || type === "json") ||
      content === undefined ||
      (isText && typeof content !== "string")
    )
      return fail(400, 10207, "the message is malformed");
    const delaySeconds = number(entry, "delay_seconds") ?? delay;
    messages.push({
      type: type as OutgoingMessage["type"],
      text: isText ? String(content) : JSON.stringify(content),
      delaySeconds,
    });
  }
  const refusal = api.plane.sendToQueue(queue.id, messages);
  if (refusal !== undefined) return fail(400, 10207, refusal);
  const { backlogCount, backlogBytes } = api.plane.backlog(queue.id);
  return succeed({
    metadata: { metrics: { backlog_count: backlogCount, backlog_bytes: backlogBytes } },
  });
}
