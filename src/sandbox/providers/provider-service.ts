import type { Json } from "../../util/canonical-json.ts";

/** A price entry of a service. */
export interface ServicePrice {
  readonly isFree: boolean;
  /** The catalogue's free text, `$25/month`; empty when free. */
  readonly text: string;
  /** Configuration values that choose this entry. */
  readonly when: Readonly<Record<string, unknown>>;
  readonly isDefault: boolean;
  /** Plans of which one must be active; empty: none is needed. */
  readonly parents: readonly string[];
}

/** A service that a provider of the sandbox sells, as the Stripe Projects catalogue describes it. */
export interface ProviderService {
  /** Lower case, e.g. `neon`. */
  readonly provider: string;
  /** e.g. `postgres`, `r2:bucket`. */
  readonly id: string;
  readonly description: string;
  readonly kind: "deployable" | "plan";
  readonly scope: "account" | "project";
  readonly group: string | null;
  readonly categories: readonly string[];
  readonly configurationSchema: ConfigurationSchema;
  readonly allowedUpdates: readonly {
    readonly service: string;
    readonly direction: "any" | "up" | "down";
  }[];
  /** Most instances that an account may have at a time. */
  readonly atMost: number | null;
  /** True: it cannot stand beside the services it can be updated to. */
  readonly isExclusive: boolean;
  /** Whether the prices depend on the active plan (`component`). */
  readonly pricing: "free" | "paid" | "component";
  readonly prices: readonly ServicePrice[];
}

/** The subset of JSON Schema that the catalogue uses. */
export interface ConfigurationSchema {
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
  /** False refuses keys that are not in `properties`. */
  readonly additionalProperties: boolean;
}

export interface PropertySchema {
  readonly type?: "string" | "integer" | "number" | "boolean" | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly Json[] | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly multipleOf?: number | undefined;
  readonly pattern?: string | undefined;
}
