import { Cron } from "croner";
import { answerRequest } from "./answer-request.ts";
import { type BackgroundWork, createBackgroundWork } from "./background-work.ts";
import { consumePostgresQueue } from "./consume-postgres-queue.ts";
import { listen } from "./listen.ts";
import { type OpenEnvironment, openEnvironment } from "./open-environment.ts";
import type { PortableApp } from "./portable-app.ts";
import { readAddress } from "./read-address.ts";
import { reportFailure } from "./report-failure.ts";
import { runProcess } from "./run-process.ts";
import type { TextVariables } from "./service-url.ts";
import { splitList } from "./split-list.ts";

/** Says that the process serves, not that its database does. */
const HEALTH_PATH = "/healthz";

/**
 * Runs an app as a process of its own, e.g. in a container: HTTP on `PORT` (8080) of `HOST` (`0.0.0.0`, all addresses), the queues named by the variables in
 * `SUPERCARGO_CONSUMES` (`RECEIPTS,MAIL`), the schedules of `SUPERCARGO_CRONS` (`0 3 * * *; 30 4 * * SUN`, UTC). SIGTERM and SIGINT end it:
 * no new work, what is under way is finished. With a port that is taken or a faulty variable it ends at once, with 1 and a sentence that says why.
 */
export function serveNode(app: PortableApp, variables: TextVariables = process.env): Promise<void> {
  return runProcess(() => start(app, variables));
}

async function start(app: PortableApp, variables: TextVariables) {
  const address = readAddress(variables);
  const opened = openEnvironment(variables, reportFailure);
  const work = createBackgroundWork(reportFailure);
  const stopping = new AbortController();
  const consumers = splitList(variables.SUPERCARGO_CONSUMES, ",")
    .map(opened.queueOf)
    .map(({ name, queue }) =>
      consumePostgresQueue({
        ...{ app, name, queue, env: opened.env, context: work.context },
        ...{ report: reportFailure, signal: stopping.signal },
      }),
    );
  const crons = splitList(variables.SUPERCARGO_CRONS, ";").map((schedule) =>
    startCron(app, schedule, opened, work),
  );
  const answer = (request: Request): Response | PromiseLike<Response> => {
    if (new URL(request.url).pathname === HEALTH_PATH) return new Response("ok\n");
    return answerRequest(app, request, { env: opened.env, context: work.context });
  };
  const listener = await listen(answer, address);
  return {
    port: listener.port,
    async end() {
      stopping.abort();
      for (const cron of crons) cron.stop();
      await Promise.all([...consumers, listener.close()]);
      await work.settle();
      await opened.close();
    },
  };
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
