import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { missing, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";
import { startSqs } from "./sqs-stand-in.ts";
import { startLambda } from "./start-lambda.ts";

interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** API Gateway's payload format 2.0, which function URLs use, too (API Gateway docs, "Lambda proxy integrations"). */
async function toHttpEvent(path: string, init: RequestInit = {}): Promise<unknown> {
  const request = new Request(new URL(path, "https://shop.lambda-url.eu-west-1.on.aws"), init);
  const { pathname, search, hostname } = new URL(request.url);
  const body = await request.text();
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: { ...Object.fromEntries(request.headers), host: hostname },
    requestContext: {
      accountId: "123456789012",
      apiId: "shop",
      domainName: hostname,
      domainPrefix: "shop",
      http: {
        method: request.method,
        path: pathname,
        protocol: "HTTP/1.1",
        sourceIp: "192.0.2.1",
        userAgent: "test",
      },
      requestId: crypto.randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: "28/Nov/2026:12:00:00 +0000",
      timeEpoch: Date.now(),
    },
    ...(body !== "" && { body: Buffer.from(body).toString("base64") }),
    isBase64Encoded: body !== "",
  };
}

function readHttpResult({ statusCode, headers, body, isBase64Encoded }: HttpResult): Response {
  const content = isBase64Encoded ? Buffer.from(body, "base64") : body;
  return new Response(content, { status: statusCode, headers });
}

/** EventBridge docs, "Scheduled events". */
function toScheduledEvent(): unknown {
  return {
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "123456789012",
    time: new Date().toISOString().replace(/\.\d+/, ""),
    region: "eu-west-1",
    resources: ["arn:aws:events:eu-west-1:123456789012:rule/nightly-report"],
    detail: {},
  };
}

describeShop({
  title: "AWS Lambda's handler with PostgreSQL, an S3-compatible store and SQS",
  missing,
  open: () =>
    withServices(async ({ folder, postgres, bucket, ends }): Promise<RunningShop> => {
      const sqs = await startSqs();
      ends.defer(sqs.close);
      const lambda = await startLambda(await writeTemplate(folder, "lambda"), {
        ...PLAIN,
        ...OPENED,
        DB: postgres,
        MEDIA: bucket,
        RECEIPTS: sqs.url,
        // As the function's role gives them.
        AWS_ACCESS_KEY_ID: sqs.keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sqs.keys.secretAccessKey,
      });
      ends.defer(lambda.close);
      sqs.connect(async (event) => (await lambda.invoke(event)) as { batchItemFailures: [] });
      return {
        visit: async (path, init) =>
          readHttpResult((await lambda.invoke(await toHttpEvent(path, init))) as HttpResult),
        runNightly: async () => void (await lambda.invoke(toScheduledEvent())),
        close: () => ends.disposeAsync(),
      };
    }),
});
