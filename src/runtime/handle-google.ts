import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { answerRequest } from "./answer-request.ts";
import { createBackgroundWork } from "./background-work.ts";
import { decodeBody, deliverMessages } from "./deliver-messages.ts";
import { openEnvironment } from "./open-environment.ts";
import type { PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

/** A CloudEvent as the Functions Framework hands it over (Cloud Run docs, "Write event-driven functions"). */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly time?: string;
  readonly data?: {
    /** The type `google.cloud.pubsub.topic.v1.messagePublished`. */
    readonly message?: {
      readonly data?: string;
      readonly messageId?: string;
      readonly publishTime?: string;
    };
    /** How often it was delivered, where the subscription counts. */
    readonly deliveryAttempt?: number;
  };
}

/** Cloud Run functions of one app: `app` is its HTTP function, `queue` and `scheduled` are triggered by topics of Pub/Sub. */
export interface GoogleFunctions {
  app(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** One message; rejects when it is to come again, for which the trigger must retry. */
  queue(event: CloudEvent): Promise<void>;
  /** A message of Cloud Scheduler; its time counts, its text doesn't. */
  scheduled(event: CloudEvent): Promise<void>;
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
  return {
    async app(request, response) {
      await listener(request, response);
      await work.settle();
    },
    async queue({ id, source, time, data = {} }) {
      const { message = {}, deliveryAttempt = 1 } = data;
      const received = {
        id: message.messageId ?? id,
        timestamp: new Date(message.publishTime ?? time ?? Date.now()),
        body: decodeBody(Buffer.from(message.data ?? "", "base64").toString()),
        attempts: deliveryAttempt,
      };
      const topic = source.split("/").at(-1) ?? "";
      const delivery = await deliverMessages(app, topic, [received], { env, context });
      await work.settle();
      if (delivery.repeated.length > 0) {
        throw delivery.failure ?? new Error("the app asks for the message again");
      }
    },
    async scheduled({ time }) {
      const scheduledTime = time === undefined ? Date.now() : Date.parse(time);
      await app.scheduled?.({ cron: "", scheduledTime }, env, context);
      await work.settle();
    },
  };
}
