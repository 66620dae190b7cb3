import { answerRequest } from "./answer-request.ts";
import { createBackgroundWork } from "./background-work.ts";
import { drainQueue } from "./drain-queue.ts";
import { openNetlifyBucket } from "./netlify-bucket.ts";
import { openNetlifyKv } from "./netlify-kv.ts";
import { openNetlifyQueue } from "./netlify-queue.ts";
import { createNetlifyStores } from "./netlify-store.ts";
import { openEnvironment } from "./open-environment.ts";
import type { PortableApp } from "./portable-app.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";

/** What Netlify hands to a function of the Lambda kind (Netlify docs, "Lambda compatibility for Functions"). */
export interface NetlifyEvent {
  /** What the visitor asked for, whichever rule led here. */
  readonly rawUrl: string;
  readonly httpMethod: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
  /** The way to the site's stores, as base64 of JSON. */
  readonly blobs?: string | undefined;
}

export interface NetlifyAnswer {
  readonly statusCode: number;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export type NetlifyHandler = (event: NetlifyEvent) => Promise<NetlifyAnswer>;

export interface NetlifyFunctions {
  /** Answers every request. */
  readonly handler: NetlifyHandler;
  /** The function that Netlify calls each minute, which hands the app what a queue holds. */
  handleQueue(name: string): NetlifyHandler;
  /** The function that Netlify calls at `schedule`; nobody else can (Netlify docs, "Scheduled Functions"). */
  handleSchedule(schedule: string): NetlifyHandler;
}

/** Makes Netlify's functions of an app: one for all of its HTTP, and one for each of its schedules and queues. */
export function handleNetlify(
  app: PortableApp,
  variables: TextVariables = process.env,
): NetlifyFunctions {
  const stores = createNetlifyStores(variables);
  const { env } = openEnvironment(variables, reportFailure, {
    "netlify-blobs:": ({ pathname }) => openNetlifyBucket(stores.open(pathname)),
    "netlify-kv:": ({ pathname }) => openNetlifyKv(stores.open(pathname)),
    "netlify-queue:": ({ pathname }) => openNetlifyQueue(stores.open(pathname)),
  });
  const work = createBackgroundWork(reportFailure);
  const wrap =
    (run: (event: NetlifyEvent) => Promise<Response>): NetlifyHandler =>
    async (event) => {
      stores.admit(event);
      try {
        return await writeAnswer(await run(event));
      } finally {
        // Netlify freezes the process as soon as it has an answer.
        await work.settle();
      }
    };
  return {
    handler: wrap((event) => answerRequest(app, readRequest(event), { env, ...work })),
    handleQueue: (name) =>
      wrap(() =>
        tellOutcome(async () => {
          const queue = openNetlifyQueue(stores.open(name));
          await drainQueue({ app, name, queue, env, ...work, report: reportFailure });
        }),
      ),
    handleSchedule: (cron) =>
      wrap(() =>
        tellOutcome(() => app.scheduled?.({ cron, scheduledTime: Date.now() }, env, work.context)),
      ),
  };
}

/** What throws is reported, and answered with 500, which stands in Netlify's log of the function. */
async function tellOutcome(run: () => unknown): Promise<Response> {
  try {
    await run();
    return new Response(null, { status: 204 });
  } catch (error) {
    reportFailure(error);
    return new Response("Internal server error\n", { status: 500 });
  }
}

function readRequest(event: NetlifyEvent): Request {
  const { rawUrl, httpMethod: method, headers, multiValueHeaders = {}, body } = event;
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) sent.set(name, value);
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    sent.delete(name);
    for (const value of values) sent.append(name, value);
  }
  const hasBody = body !== undefined && body !== null && method !== "GET" && method !== "HEAD";
  return new Request(rawUrl, {
    method,
    headers: sent,
    ...(hasBody && { body: Buffer.from(body, event.isBase64Encoded === true ? "base64" : "utf8") }),
  });
}

async function writeAnswer(answer: Response): Promise<NetlifyAnswer> {
  const multiValueHeaders: Record<string, readonly string[]> = {};
  for (const [name, value] of answer.headers) multiValueHeaders[name] = [value];
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) multiValueHeaders["set-cookie"] = cookies;
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes.toString("utf8");
  // What is no text travels as base64, which is a third longer.
  const isText = Buffer.from(text, "utf8").equals(bytes);
  return {
    statusCode: answer.status,
    multiValueHeaders,
    body: isText ? text : bytes.toString("base64"),
    isBase64Encoded: !isText,
  };
}
