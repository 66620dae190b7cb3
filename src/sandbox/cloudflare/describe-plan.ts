import type { PlaneHost, PlanePlan, PlaneQueue, PlaneRoute } from "../data-plane/plan.ts";
import type { Api } from "./api.ts";
import { bucketPlaneId, describeWorker, workerPlaneId } from "./describe-worker.ts";
import type { QueueRecord } from "./storage-records.ts";

/** Everything that the records say is deployed, of all accounts that are not closed. */
export function describePlan(api: Api): PlanePlan {
  const { records } = api;
  const open = new Set(
    records.accounts
      .list()
      .filter(({ provider, closed }) => provider === "cloudflare" && !closed)
      .map(({ accountId }) => accountId),
  );
  const isOpen = ({ accountId }: { readonly accountId: string }) => open.has(accountId);
  return {
    workers: records.scripts
      .list()
      .filter(isOpen)
      .flatMap((script) =>
        script.content === undefined ? [] : [describeWorker(api, script, script.content)],
      ),
    databases: records.databases
      .list()
      .filter(isOpen)
      .map(({ uuid }) => uuid),
    buckets: records.buckets.list().filter(isOpen).map(bucketPlaneId),
    namespaces: records.namespaces
      .list()
      .filter(isOpen)
      .map(({ id }) => id),
    queues: records.queues
      .list()
      .filter(isOpen)
      .map((queue) => describeQueue(api, queue)),
    hosts: describeHosts(api).filter(({ account }) => open.has(account)),
    routes: describeRoutes(api),
  };
}

function describeQueue(api: Api, queue: QueueRecord): PlaneQueue {
  const { records } = api;
  const consumer = records.consumers
    .list()
    .find(({ queueId, type }) => queueId === queue.id && type === "worker");
  const deadLetters = records.queues
    .list()
    .find(
      ({ accountId, name }) => accountId === queue.accountId && name === consumer?.deadLetterQueue,
    );
  const { id, name, deliveryDelay, deliveryPaused } = queue;
  if (consumer?.scriptName === undefined) return { id, name, deliveryDelay, deliveryPaused };
  return {
    id,
    name,
    deliveryDelay,
    deliveryPaused,
    consumer: {
      worker: workerPlaneId({ accountId: queue.accountId, name: consumer.scriptName }),
      batchSize: consumer.batchSize,
      maxWaitMilliseconds: consumer.maxWaitMilliseconds,
      maxRetries: consumer.maxRetries,
      retryDelay: consumer.retryDelay,
      deadLetterQueue: deadLetters?.id,
    },
  };
}

function describeHosts(api: Api): readonly (PlaneHost & { readonly account: string })[] {
  const { records } = api;
  const onSubdomain = records.scripts.list().flatMap((script) => {
    const subdomain = records.details.get(script.accountId)?.subdomain;
    if (!script.isOnSubdomain || subdomain === undefined || script.content === undefined) return [];
    const host = `${script.name}.${subdomain}.workers.dev`;
    return [{ host, worker: workerPlaneId(script), account: script.accountId }];
  });
  const custom = records.customDomains.list().map(({ accountId, hostname, service }) => ({
    host: hostname,
    worker: workerPlaneId({ accountId, name: service }),
    account: accountId,
  }));
  return [...onSubdomain, ...custom];
}

function describeRoutes(api: Api): readonly PlaneRoute[] {
  return api.records.routes.list().flatMap(({ zoneId, pattern, script }) => {
    const zone = api.records.zones.get(zoneId);
    if (zone === undefined) return [];
    if (script === undefined) return [{ pattern }];
    return [{ pattern, worker: workerPlaneId({ accountId: zone.accountId, name: script }) }];
  });
}
