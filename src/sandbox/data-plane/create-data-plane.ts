import { join } from "node:path";
import type { MiniflareOptions } from "miniflare";
import type { SandboxContext } from "../context.ts";
import { listen } from "../listen.ts";
import { answerProducer } from "./answer-producer.ts";
import { createAppServer } from "./app-server.ts";
import { buildShared, buildWorkers } from "./build-options.ts";
import type { DataPlane, ScheduledOutcome } from "./data-plane.ts";
import { createDeployment, type Deployment } from "./deployment.ts";
import { renderHostsPage } from "./hosts-page.ts";
import { inspectScript } from "./inspect-script.ts";
import { createFileSink } from "./plane-log.ts";
import { createQueueBroker, type QueueBroker } from "./queue-broker.ts";
import { createScheduleClock } from "./schedule-clock.ts";
import { createBucketAccess, createNamespaceAccess, runSql } from "./storage-access.ts";
import { createWorkerEvents, type WorkerEvents } from "./worker-events.ts";
import { prepareWorkerd } from "./workerd-launcher.ts";
import { createWorkerdRuntime, type WorkerdRuntime } from "./workerd-runtime.ts";

type Context = Pick<SandboxContext, "store" | "now" | "random" | "folder" | "appPort">;

/** The parts of a data plane, put together but not yet serving. */
interface Parts {
  readonly deployment: Deployment;
  readonly runtime: WorkerdRuntime;
  readonly events: WorkerEvents;
  readonly broker: QueueBroker;
  /** After workerd has ended. */
  release(): void;
}

/** How often the sandbox's clock is looked at, in milliseconds: it may jump. */
const TICK_MS = 1_000;

/**
 * Opens the app port (`context.appPort`; 0 takes a free one) and keeps the data below `context.folder("data-plane")`. workerd starts
 * with the first Worker or the first look into storage. `findUpstream` knows the port of what runs elsewhere on this machine under a host that no Worker has. Rejects when the port is taken.
 */
export async function createDataPlane(
  context: Context,
  findUpstream: (host: string, path: string) => number | undefined = () => undefined,
): Promise<DataPlane> {
  const parts = assembleParts(context);
  const { deployment, runtime, events, broker } = parts;
  const server = createAppServer({
    runtime,
    findWorker: deployment.findWorker,
    findUpstream,
    renderHosts: (host) => renderHostsPage(deployment.plan(), host, appPort),
  });
  const appPort = await listen(server, context.appPort);
  const stopTicking = startTicking(context, parts);
  return {
    appPort,
    apply(plan) {
      const isStale = deployment.replace(plan);
      broker.configure(plan.queues);
      if (isStale && plan.workers.length > 0) runtime.schedule();
    },
    inspect: inspectScript,
    async newestCompatibilityDate() {
      return (await import("miniflare")).supportedCompatibilityDate;
    },
    runSql: (database, statements, raw) => runSql(runtime, database, statements, raw),
    buckets: createBucketAccess(runtime),
    namespaces: createNamespaceAccess(runtime),
    sendToQueue: broker.send,
    backlog: broker.metrics,
    purgeQueue: broker.purge,
    runScheduled: (name, cron) => runScheduled(deployment, events, name, cron, context.now()),
    async close() {
      stopTicking();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await broker.close();
      await runtime.close();
      parts.release();
    },
  };
}

function assembleParts(context: Context): Parts {
  const folder = context.folder("data-plane");
  const log = createFileSink(join(folder, "workers.log"));
  const launcher = prepareWorkerd(folder);
  const deployment = createDeployment();
  const build = (): MiniflareOptions => ({
    ...buildShared(
      buildWorkers(deployment.plan(), { queue: (request) => answerProducer(broker, request) }),
      launcher.env,
    ),
    defaultPersistRoot: join(folder, "storage"),
    handleStructuredLogs: ({ level, message }: { level: string; message: string }) =>
      log(`${level}: ${message}`),
  });
  const runtime = createWorkerdRuntime(() => ({ key: deployment.key(), build }), log);
  const isDeployed = (id: string) => deployment.plan().workers.some((worker) => worker.id === id);
  const events = createWorkerEvents(runtime, isDeployed, log);
  const broker = createQueueBroker(context, events.dispatchBatch);
  return { deployment, runtime, events, broker, release: launcher.release };
}

/** Looks every second what the clock has brought. */
function startTicking(context: Context, { deployment, events, broker }: Parts): () => void {
  const schedules = createScheduleClock(
    context.now,
    () => deployment.plan().workers,
    (worker, cron, moment) => void events.fireSchedule(worker.id, cron, moment),
  );
  const ticker = setInterval(() => {
    schedules.tick();
    broker.pump();
  }, TICK_MS);
  ticker.unref();
  return () => clearInterval(ticker);
}

async function runScheduled(
  deployment: Deployment,
  events: WorkerEvents,
  name: string,
  cron: string | undefined,
  moment: number,
): Promise<ScheduledOutcome> {
  const [worker, ...others] = deployment.findByName(name);
  if (worker === undefined) return { ok: false, message: `no Worker ${name}` };
  if (others.length > 0) return { ok: false, message: `several accounts have a script ${name}` };
  return events.fireSchedule(worker.id, cron ?? worker.crons[0]?.text ?? "", moment);
}
