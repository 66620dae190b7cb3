import type { Body } from "./body-fields.ts";

/** A D1 database. */
export interface DatabaseRecord {
  readonly uuid: string;
  readonly accountId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly region?: string | undefined;
  readonly readReplication?: Body | undefined;
}

/** An R2 bucket; its objects are in the data plane. */
export interface BucketRecord {
  readonly accountId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly location?: string | undefined;
  readonly storageClass: string;
  readonly jurisdiction: string;
}

/** A KV namespace; its keys are in the data plane. */
export interface NamespaceRecord {
  readonly id: string;
  readonly accountId: string;
  readonly title: string;
}

/** A queue; its messages are in the data plane. Delays and retention in seconds. */
export interface QueueRecord {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
  readonly deliveryDelay: number;
  readonly deliveryPaused: boolean;
  readonly retentionSeconds: number;
}

/** Who takes the messages of a queue. */
export interface ConsumerRecord {
  readonly id: string;
  readonly accountId: string;
  readonly queueId: string;
  readonly createdOn: string;
  readonly type: string;
  readonly scriptName?: string | undefined;
  /** Name of a queue of the same account. */
  readonly deadLetterQueue?: string | undefined;
  readonly batchSize: number;
  readonly maxRetries: number;
  readonly maxWaitMilliseconds: number;
  readonly maxConcurrency: number | null;
  readonly retryDelay: number;
}
