import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { answerRequest } from "./answer-request.ts";
import { createBackgroundWork } from "./background-work.ts";
import { decodeBody, deliverMessages, type ReceivedMessage } from "./deliver-messages.ts";
import { openEnvironment } from "./open-environment.ts";
import type { AppContext, PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

/** A request as the Functions Framework hands it over: with its body read, JSON as what it says. */
export interface FunctionRequest extends IncomingMessage {
  readonly body?: unknown;
}

/**
 * The HTTP functions of one app. Whoever may call them, `queue` and `scheduled` answer with a status alone: 204, 400 for what is no push
 * of Pub/Sub's, or 500 where the caller has to repeat.
 */
export interface GoogleFunctions {
  app(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** One message of a push subscription. */
  queue(request: FunctionRequest, response: ServerResponse): Promise<void>;
  /** A call of Cloud Scheduler; its time counts, its body doesn't. */
  scheduled(request: FunctionRequest, response: ServerResponse): Promise<void>;
}

export function handleGoogle(
  app: PortableApp,
  variables: TextVariables = process.env,
): GoogleFunctions {
  const { env } = openEnvironment(variables, reportFailure);
  // One instance answers several calls at a time, none of which waits for the work of another.
  const answerFor = async (
    response: ServerResponse,
    run: (context: AppContext) => Promise<number>,
  ): Promise<void> => {
    const { context, settle } = createBackgroundWork(reportFailure);
    let status = 500;
    try {
      status = await run(context);
    } catch (failure) {
      reportFailure(failure);
    }
    await settle();
    response.writeHead(status).end();
  };
  return {
    async app(request, response) {
      const { context, settle } = createBackgroundWork(reportFailure);
      const listener = getRequestListener(
        (asked) => answerRequest(app, asked, { env, context }),
        // The platform's own classes stay as they are.
        { overrideGlobalObjects: false },
      );
      await listener(request, response);
      await settle();
    },
    queue({ body }, response) {
      return answerFor(response, async (context) => {
        const pushed = readPush(body);
        if (pushed === undefined) return 400;
        const { queue, received } = pushed;
        const delivery = await deliverMessages(app, queue, [received], { env, context });
        if (delivery.repeated.length > 0)
          throw delivery.failure ?? new Error("the app asks for the message again");
        return 204;
      });
    },
    scheduled({ headers }, response) {
      return answerFor(response, async (context) => {
        // Cloud Scheduler docs, "Create and configure cron jobs".
        const scheduledTime = readTime(headers["x-cloudscheduler-scheduletime"]).getTime();
        await app.scheduled?.({ cron: "", scheduledTime }, env, context);
        return 204;
      });
    },
  };
}

/** The message that a push subscription sends, and its queue; undefined for anything else (Pub/Sub docs, "Push subscriptions"). */
function readPush(
  body: unknown,
): { readonly queue: string; readonly received: ReceivedMessage } | undefined {
  const { message, subscription, deliveryAttempt } = fieldsOf(body);
  const { data = "", messageId, publishTime } = fieldsOf(message);
  if (typeof messageId !== "string" || typeof subscription !== "string" || typeof data !== "string")
    return undefined;
  return {
    // `projects/P/subscriptions/S`; ours are called after their queue.
    queue: subscription.split("/").at(-1) ?? "",
    received: {
      id: messageId,
      timestamp: readTime(publishTime),
      body: decodeBody(Buffer.from(data, "base64").toString()),
      // How often it was delivered, where the subscription has a dead letter topic.
      attempts: typeof deliveryAttempt === "number" ? deliveryAttempt : 1,
    },
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A time as text; now where it is none. */
function readTime(text: unknown): Date {
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return new Date(Number.isNaN(time) ? Date.now() : time);
}
