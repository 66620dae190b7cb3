import type { ApiCall, ApiConfig } from "./cloudflare-api.ts";
import type { Properties } from "./property-names.ts";

/** What one resource type asks of the API. Inputs are camelCase as in the SDK, bodies and results snake_case as on the wire. */
export interface ResourceSpec {
  /** The engine's token without its head, e.g. `r2Bucket:R2Bucket`. */
  readonly token: string;
  /** Inputs whose change makes a new resource. */
  readonly replaceOn: readonly string[];
  /** Makes it; `result` is the envelope's. */
  create(inputs: Properties, config: ApiConfig): Promise<Made>;
  /** GET of what `id` names; a 404 of it means gone. */
  read(id: string, inputs: Properties): ApiCall;
  /** How a change without replacement is sent; absent when every change replaces. */
  update?(id: string, inputs: Properties, config: ApiConfig): Promise<unknown>;
  /** Absent where the real plugin sends nothing. */
  remove?(id: string, inputs: Properties): ApiCall;
  /**
   * Looks for one that is there already under the inputs' own name; undefined when there is none. Absent where creating
   * twice is the same as once.
   */
  find?(inputs: Properties, config: ApiConfig): Promise<Made | undefined>;
  /** What the answer of `read` says about the inputs, where its shape is not theirs. */
  reflect?(result: Properties): Properties;
}

export interface Made {
  readonly id: string;
  readonly result: unknown;
}
