import type { Json } from "../../util/canonical-json.ts";
import type { CronExpression } from "./cron-expression.ts";

/** One file of a Worker's code; `file` is the absolute path of its bytes, which never change. */
export interface PlaneModule {
  /** The name under which other modules import it, e.g. `lib/cart.js`. */
  readonly name: string;
  readonly type: "esm" | "commonjs" | "text" | "data" | "wasm" | "json";
  readonly file: string;
}

/** Something that a Worker finds in `env` under `name`. */
export type PlaneBinding =
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  | { readonly kind: "json"; readonly name: string; readonly json: Json }
  | { readonly kind: "database"; readonly name: string; readonly id: string }
  | { readonly kind: "bucket"; readonly name: string; readonly id: string }
  | { readonly kind: "namespace"; readonly name: string; readonly id: string }
  | { readonly kind: "queue"; readonly name: string; readonly id: string }
  | {
      readonly kind: "service";
      readonly name: string;
      /** {@link PlaneWorker.id}; a binding to an absent Worker is left out. */
      readonly worker: string;
      readonly entrypoint?: string | undefined;
    }
  | { readonly kind: "assets"; readonly name: string };

/** One static file. */
export interface PlaneAsset {
  /** Absolute path of its bytes. */
  readonly file: string;
  readonly contentType: string;
  /** Strong ETag without quotes. */
  readonly etag: string;
}

/** Static files of a Worker (Workers docs, "Static assets", routing). */
export interface PlaneAssets {
  /** URL path, percent-decoded and with a leading slash -> file. */
  readonly files: Readonly<Record<string, PlaneAsset>>;
  readonly htmlHandling:
    | "auto-trailing-slash"
    | "force-trailing-slash"
    | "drop-trailing-slash"
    | "none";
  readonly notFoundHandling: "none" | "404-page" | "single-page-application";
  /** True: the Worker answers everything; a list: the Worker answers these path patterns, `!` excepts. */
  readonly workerFirst: boolean | readonly string[];
}

/** A deployed Worker. */
export interface PlaneWorker {
  /** Unique in the data plane: `<account id>.<script name>`. */
  readonly id: string;
  /** False when the Worker is static files alone. */
  readonly hasCode: boolean;
  /** `modules`: the first module is the entry; `script`: one service-worker script. */
  readonly format: "modules" | "script";
  readonly modules: readonly PlaneModule[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly bindings: readonly PlaneBinding[];
  readonly assets?: PlaneAssets | undefined;
  readonly crons: readonly { readonly text: string; readonly expression: CronExpression }[];
}

/** A queue and who takes its messages. */
export interface PlaneQueue {
  readonly id: string;
  /** What the Worker sees as `batch.queue`. */
  readonly name: string;
  /** Seconds. */
  readonly deliveryDelay: number;
  readonly deliveryPaused: boolean;
  readonly consumer?: PlaneConsumer | undefined;
}

/** A Worker that takes a queue's messages (Queues docs, "Configure queues"). */
export interface PlaneConsumer {
  readonly worker: string;
  readonly batchSize: number;
  readonly maxWaitMilliseconds: number;
  readonly maxRetries: number;
  /** Seconds. */
  readonly retryDelay: number;
  /** {@link PlaneQueue.id} that takes what failed too often; else it is dropped. */
  readonly deadLetterQueue?: string | undefined;
}

/** A whole host name that a Worker answers: a `workers.dev` name or a custom domain. */
export interface PlaneHost {
  readonly host: string;
  readonly worker: string;
}

/** A route such as `*.example.com/api/*`; without a Worker it switches Workers off for what it matches. */
export interface PlaneRoute {
  readonly pattern: string;
  readonly worker?: string | undefined;
}

/** Everything that the data plane runs. */
export interface PlanePlan {
  readonly workers: readonly PlaneWorker[];
  readonly databases: readonly string[];
  readonly buckets: readonly string[];
  readonly namespaces: readonly string[];
  readonly queues: readonly PlaneQueue[];
  readonly hosts: readonly PlaneHost[];
  readonly routes: readonly PlaneRoute[];
}

/** A data plane in which nothing is deployed. */
export const EMPTY_PLAN: PlanePlan = {
  workers: [],
  databases: [],
  buckets: [],
  namespaces: [],
  queues: [],
  hosts: [],
  routes: [],
};
