import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { Cron } from "croner";
import { type BackgroundWork, createBackgroundWork } from "./background-work.ts";
import { consumePostgresQueue } from "./consume-postgres-queue.ts";
import { type OpenEnvironment, openEnvironment } from "./open-environment.ts";
import type { PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

const PORT = 8080;
/** How long requests, messages and crons may take to end after SIGTERM; Kubernetes and Docker kill after 30 and 10 seconds. */
const GRACE_MS = 9_000;
/** A connection that is kept alive would keep the process for another five seconds. */
const IDLE_SWEEP_MS = 50;
/** Says that the process serves, not that its database does. */
const HEALTH_PATH = "/healthz";

/**
 * Runs an app as a process of its own, e.g. in a container: HTTP on `PORT` (8080) of all addresses, the queues named by the variables in
 * `SUPERCARGO_CONSUMES` (`RECEIPTS,MAIL`), the schedules of `SUPERCARGO_CRONS` (`0 3 * * *; 30 4 * * SUN`, UTC). SIGTERM and SIGINT end it:
 * no new work, what is under way is finished. With a port that is taken or a faulty variable it ends at once, with 1 and a sentence that says why.
 */
export async function serveNode(
  app: PortableApp,
  variables: TextVariables = process.env,
): Promise<void> {
  try {
    await run(app, variables);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`the app cannot run: ${reason}\n`);
    process.exit(1);
  }
}

async function run(app: PortableApp, variables: TextVariables): Promise<void> {
  const opened = openEnvironment(variables, reportFailure);
  const work = createBackgroundWork(reportFailure);
  const stopping = new AbortController();
  const consumers = listOf(variables.SUPERCARGO_CONSUMES, ",")
    .map(opened.queueOf)
    .map(({ name, queue }) =>
      consumePostgresQueue({
        ...{ app, name, queue, env: opened.env, context: work.context },
        ...{ report: reportFailure, signal: stopping.signal },
      }),
    );
  const crons = listOf(variables.SUPERCARGO_CRONS, ";").map((schedule) =>
    startCron(app, schedule, opened, work),
  );
  const server = await listen(app, Number(variables.PORT ?? PORT), opened, work);
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening on port ${port}\n`);

  await nextSignal();
  stopping.abort();
  for (const cron of crons) cron.stop();
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  await Promise.all([...consumers, closeServer(server)]);
  await work.settle();
  await opened.close();
}

function listen(
  app: PortableApp,
  port: number,
  { env }: OpenEnvironment,
  { context }: BackgroundWork,
): Promise<ServerType> {
  const answer = (request: Request): Response | PromiseLike<Response> => {
    if (new URL(request.url).pathname === HEALTH_PATH) return new Response("ok\n");
    return app.fetch?.(request, env, context) ?? new Response("Not found\n", { status: 404 });
  };
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: answer, port }, () => resolve(server));
    server.once("error", reject);
  });
}

/** One that is late is not started twice at a time. What runs when the process ends is waited for. */
function startCron(
  app: PortableApp,
  schedule: string,
  { env }: OpenEnvironment,
  { context }: BackgroundWork,
): Cron {
  return new Cron(schedule, { timezone: "UTC", protect: true }, async (self: Cron) => {
    const scheduledTime = (self.currentRun() ?? new Date()).getTime();
    const run = (async () => app.scheduled?.({ cron: schedule, scheduledTime }, env, context))();
    context.waitUntil(run);
    await run.catch(() => undefined);
  });
}

/** Takes no more connections; those there are close after the answer they wait for. */
async function closeServer(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  const sweep = setInterval(() => {
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  }, IDLE_SWEEP_MS);
  await closed;
  clearInterval(sweep);
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}

function listOf(text: string | undefined, separator: string): readonly string[] {
  return (text ?? "")
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
