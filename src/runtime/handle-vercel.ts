import { timingSafeEqual } from "node:crypto";
import { answerRequest } from "./answer-request.ts";
import { answerVercel, type VercelFunction } from "./answer-vercel.ts";
import { openEnvironment } from "./open-environment.ts";
import type { AppContext, Bindings, PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

/**
 * Makes one function for Vercel of an app: all of its HTTP, and the schedules, which Vercel calls as `GET scheduledPath` with the schedule in a header and
 * `CRON_SECRET` as bearer token. Without that secret, nobody can call them (Vercel docs, "Managing Cron Jobs").
 */
export function handleVercel(
  app: PortableApp,
  scheduledPath: string,
  variables: TextVariables = process.env,
): VercelFunction {
  const { env } = openEnvironment(variables, reportFailure);
  return {
    fetch(request, platform = {}) {
      return answerVercel(request, platform, (context) => {
        const isSchedule = new URL(request.url).pathname === scheduledPath;
        return isSchedule
          ? runSchedule(app, request, { env, context, secret: variables.CRON_SECRET })
          : answerRequest(app, request, { env, context });
      });
    },
  };
}

/** What `scheduled` throws is reported, and answered with 500, which stands in Vercel's log of the schedule. */
async function runSchedule(
  app: PortableApp,
  { headers }: Request,
  {
    env,
    context,
    secret,
  }: {
    readonly env: Bindings;
    readonly context: AppContext;
    readonly secret: string | undefined;
  },
): Promise<Response> {
  if (!isSame(headers.get("authorization") ?? "", secret))
    return new Response("Unauthorized\n", { status: 401 });
  const cron = headers.get("x-vercel-cron-schedule") ?? "";
  try {
    await app.scheduled?.({ cron, scheduledTime: Date.now() }, env, context);
    return new Response(null, { status: 204 });
  } catch (error) {
    reportFailure(error);
    return new Response("Internal server error\n", { status: 500 });
  }
}

function isSame(authorization: string, secret: string | undefined): boolean {
  if (secret === undefined || secret === "") return false;
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${secret}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
