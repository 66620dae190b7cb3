import { createHash } from "node:crypto";
import { type Answer, serveJson } from "./http-server.ts";
import { verifyAwsSignature } from "./verify-aws-signature.ts";

/** A message as a function gets it (Lambda docs, "Using Lambda with Amazon SQS"). */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, never>>;
  readonly md5OfBody: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

type Handler = (event: {
  readonly Records: readonly SqsRecord[];
}) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>;

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

const REGION = "eu-west-1";
const QUEUE = "123456789012/receipts";
const KEYS = { accessKeyId: "test-key", secretAccessKey: "test/secret+key" } as const;
const BATCH_MAX = 10;

/** One queue of SQS with its mapping to a function: it checks signatures, delivers each batch at once, and again what the function reports as failed. */
export async function startSqs(): Promise<{
  /** `sqs://...` */
  readonly url: string;
  readonly keys: typeof KEYS;
  /** Where it delivers to. */
  connect(handler: Handler): void;
  close(): void;
}> {
  let handler: Handler | undefined;
  let host = "";
  const send = (entries: readonly Entry[]): Answer => {
    const isValid =
      entries.length <= BATCH_MAX && new Set(entries.map(({ Id }) => Id)).size === entries.length;
    if (!isValid || entries.length === 0) return { status: 400 };
    const records = entries.map(({ MessageBody }) => makeRecord(MessageBody));
    void deliver(records, 1);
    const Successful = records.map(({ messageId, md5OfBody }, index) => ({
      Id: entries[index]?.Id,
      MessageId: messageId,
      MD5OfMessageBody: md5OfBody,
    }));
    return { status: 200, json: { Successful, Failed: [] } };
  };
  const deliver = async (records: readonly SqsRecord[], attempt: number): Promise<void> => {
    const Records = records.map((record) => ({
      ...record,
      attributes: { ...record.attributes, ApproximateReceiveCount: String(attempt) },
    }));
    const { batchItemFailures = [] } = (await handler?.({ Records })) ?? {};
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const again = records.filter(({ messageId }) => failed.has(messageId));
    if (again.length > 0) await deliver(again, attempt + 1);
  };
  const server = await serveJson(async (request, body) => {
    if (!(await verifyAwsSignature(request, body, KEYS))) return { status: 403 };
    const { QueueUrl, Entries } = JSON.parse(body) as {
      readonly QueueUrl: string;
      readonly Entries: readonly Entry[];
    };
    const isKnown =
      request.headers["x-amz-target"] === "AmazonSQS.SendMessageBatch" &&
      request.headers["content-type"] === "application/x-amz-json-1.0" &&
      QueueUrl === `http://${host}/${QUEUE}`;
    return isKnown ? send(Entries) : { status: 400 };
  });
  host = server.host;
  return {
    url: `sqs://${host}/${QUEUE}?region=${REGION}&tls=false`,
    keys: KEYS,
    connect(to) {
      handler = to;
    },
    close: server.close,
  };
}

function makeRecord(body: string): SqsRecord {
  return {
    messageId: crypto.randomUUID(),
    receiptHandle: crypto.randomUUID(),
    body,
    attributes: { SentTimestamp: String(Date.now()), SenderId: "AIDAEXAMPLE" },
    messageAttributes: {},
    md5OfBody: createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:${REGION}:123456789012:receipts`,
    awsRegion: REGION,
  };
}
