import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { answerRequest } from "./answer-request.ts";
import { createBackgroundWork } from "./background-work.ts";
import { decodeBody, deliverMessages } from "./deliver-messages.ts";
import { openEnvironment } from "./open-environment.ts";
import type { PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

/** A request as the Functions Framework hands it over: with its body read, JSON as what it says. */
export interface FunctionRequest extends IncomingMessage {
  readonly body?: unknown;
}

/** What a push subscription sends (Pub/Sub docs, "Push subscriptions"). */
interface PushedMessage {
  readonly message?: {
    readonly data?: string;
    readonly messageId?: string;
    readonly publishTime?: string;
  };
  /** `projects/P/subscriptions/S`; ours are called after their queue. */
  readonly subscription?: string;
  /** How often it was delivered, where the subscription has a dead letter topic. */
  readonly deliveryAttempt?: number;
}

/**
 * The HTTP functions of one app. Whoever may call them, `queue` and `scheduled` answer with a status alone: 204, or 500 where the caller has to repeat.
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
  const work = createBackgroundWork(reportFailure);
  const { context } = work;
  const listener = getRequestListener(
    (request) => answerRequest(app, request, { env, context }),
    // The platform's own classes stay as they are.
    { overrideGlobalObjects: false },
  );
  const answerFor = async (response: ServerResponse, run: () => Promise<void>): Promise<void> => {
    let status = 204;
    try {
      await run();
    } catch (failure) {
      reportFailure(failure);
      status = 500;
    }
    await work.settle();
    response.writeHead(status).end();
  };
  return {
    async app(request, response) {
      await listener(request, response);
      await work.settle();
    },
    queue({ body }, response) {
      const {
        message = {},
        subscription = "",
        deliveryAttempt = 1,
      } = (body ?? {}) as PushedMessage;
      const received = {
        id: message.messageId ?? "",
        timestamp: new Date(message.publishTime ?? Date.now()),
        body: decodeBody(Buffer.from(message.data ?? "", "base64").toString()),
        attempts: deliveryAttempt,
      };
      const queue = subscription.split("/").at(-1) ?? "";
      return answerFor(response, async () => {
        const delivery = await deliverMessages(app, queue, [received], { env, context });
        if (delivery.repeated.length > 0)
          throw delivery.failure ?? new Error("the app asks for the message again");
      });
    },
    scheduled({ headers }, response) {
      // Cloud Scheduler docs, "Create and configure cron jobs".
      const time = headers["x-cloudscheduler-scheduletime"];
      const scheduledTime = typeof time === "string" ? Date.parse(time) : Date.now();
      return answerFor(response, async () => {
        await app.scheduled?.({ cron: "", scheduledTime }, env, context);
      });
    },
  };
}
