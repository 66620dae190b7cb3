import type { Money } from "../util/money.ts";

/** What a price text says, or that it could not be understood. Unknown means a person must approve. */
export type Price =
  | { readonly kind: "free" }
  | {
      readonly kind: "fixed";
      readonly amount: Money;
      readonly interval: "month" | "year" | "week" | "day";
    }
  | { readonly kind: "one-time"; readonly amount: Money; readonly per: string }
  /** Billed by use: the unit prices found, none of which bounds the total. */
  | {
      readonly kind: "usage";
      readonly rates: readonly {
        readonly amount: string;
        readonly currency: string;
        readonly unit: string;
      }[];
      readonly minimum?:
        | { readonly amount: Money; readonly interval: "month" | "year" }
        | undefined;
    }
  | { readonly kind: "unknown"; readonly text: string };

/** One service of the catalogue, in the shape that Stripe Projects answers (protocol: `v2.provisioning.provider_service_detail`), reduced to what we use. */
export interface CatalogService {
  /** `provider/service_id`, provider in lower case. */
  readonly reference: string;
  readonly provider: string;
  readonly service: string;
  readonly title: string;
  readonly kind: "deployable" | "plan";
  readonly scope: "account" | "project";
  readonly available: boolean;
  readonly categories: readonly string[];
  readonly description: string;
  /** JSON Schema subset of the configuration. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The default price and, for tiers, one per configuration selector. */
  readonly prices: readonly {
    readonly price: Price;
    readonly text: string;
    /** What stands beside the text, which may change what it comes to; empty where nothing does. */
    readonly detail?: string | undefined;
    readonly when: Readonly<Record<string, string>>;
    readonly isDefault: boolean;
    readonly parents: readonly string[];
  }[];
}

export interface Catalog {
  /** Hexadecimal SHA-256 of the snapshot's bytes. */
  readonly digest: string;
  readonly updated: string;
  /** By `reference`. */
  readonly services: ReadonlyMap<string, CatalogService>;
}
