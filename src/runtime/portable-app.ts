/**
 * What an app exports by default, on every target: the module contract of Cloudflare Workers, of which `fetch`, `queue` and
 * `scheduled` are used. An entry of this room calls it wherever the platform doesn't.
 */
export interface PortableApp {
  fetch?(request: Request, env: Bindings, context: AppContext): Response | PromiseLike<Response>;
  queue?(batch: MessageBatch, env: Bindings, context: AppContext): unknown;
  scheduled?(event: ScheduledEvent, env: Bindings, context: AppContext): unknown;
}

/** What the app finds under the names that its manifest binds. */
export type Bindings = Readonly<Record<string, unknown>>;

/** What can be stored: whatever a Response can be made of. */
export type Content = NonNullable<ConstructorParameters<typeof Response>[0]>;

export interface AppContext {
  /** Lets work go on after the answer; the process waits for it before it ends. */
  waitUntil(work: Promise<unknown>): void;
  /** There is no other origin to pass to: nothing happens. */
  passThroughOnException(): void;
}

export interface ScheduledEvent {
  /** The schedule that came due; empty where the platform doesn't say. */
  readonly cron: string;
  /** Milliseconds since 1970. */
  readonly scheduledTime: number;
}

export interface MessageBatch {
  readonly queue: string;
  readonly messages: readonly Message[];
  ackAll(): void;
  retryAll(options?: RetryOptions): void;
}

/** The first of `ack` and `retry` counts. With neither, the handler's end acknowledges and its failure repeats. */
export interface Message {
  readonly id: string;
  readonly timestamp: Date;
  readonly body: unknown;
  /** 1 at the first delivery. */
  readonly attempts: number;
  ack(): void;
  retry(options?: RetryOptions): void;
}

export interface RetryOptions {
  /** Default: the queue decides. A number below 0, or none at all, is refused with a TypeError. */
  readonly delaySeconds?: number | undefined;
}
