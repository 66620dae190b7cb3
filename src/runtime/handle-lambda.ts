import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { answerRequest } from "./answer-request.ts";
import { createBackgroundWork } from "./background-work.ts";
import { decodeBody, deliverMessages } from "./deliver-messages.ts";
import { openEnvironment } from "./open-environment.ts";
import type { PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

/** What SQS hands to a function (Lambda docs, "Using Lambda with Amazon SQS"). */
interface SqsEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly eventSourceARN: string;
    readonly attributes: {
      readonly SentTimestamp: string;
      readonly ApproximateReceiveCount: string;
    };
  }[];
}

/** What a schedule of EventBridge hands to a function (EventBridge docs, "Scheduled events"). */
interface ScheduleEvent {
  readonly "detail-type": "Scheduled Event";
  readonly time: string;
}

type HttpEvent = Parameters<ReturnType<typeof handle>>[0];

export type LambdaHandler = (
  event: HttpEvent | SqsEvent | ScheduleEvent,
  context?: Parameters<ReturnType<typeof handle>>[1],
) => Promise<unknown>;

/**
 * Makes one Lambda handler of an app: HTTP from function URLs, API Gateway and load balancers, batches of SQS and schedules of EventBridge.
 * The mapping of a queue needs `ReportBatchItemFailures`, or a message that is to come again is taken as done.
 */
export function handleLambda(
  app: PortableApp,
  variables: TextVariables = process.env,
): LambdaHandler {
  const { env } = openEnvironment(variables, reportFailure);
  const work = createBackgroundWork(reportFailure);
  const web = new Hono().all("*", ({ req }) =>
    answerRequest(app, req.raw, { env, context: work.context }),
  );
  const answer = handle(web);
  const dispatch: LambdaHandler = async (event, context) => {
    if ("Records" in event) return { batchItemFailures: await receive(event) };
    if (!("detail-type" in event)) return answer(event, context);
    await app.scheduled?.({ cron: "", scheduledTime: Date.parse(event.time) }, env, work.context);
    return undefined;
  };
  const receive = async ({ Records }: SqsEvent) => {
    const queue = Records[0]?.eventSourceARN.split(":").at(-1) ?? "";
    const messages = Records.map(({ messageId, body, attributes }) => ({
      id: messageId,
      timestamp: new Date(Number(attributes.SentTimestamp)),
      body: decodeBody(body),
      attempts: Number(attributes.ApproximateReceiveCount),
    }));
    const delivery = await deliverMessages(app, queue, messages, { env, context: work.context });
    if (delivery.failure !== undefined) reportFailure(delivery.failure);
    return delivery.repeated.map(({ id }) => ({ itemIdentifier: id }));
  };
  return async (event, context) => {
    try {
      return await dispatch(event, context);
    } finally {
      // Lambda freezes the process as soon as it has an answer.
      await work.settle();
    }
  };
}
