import type { Permission } from "../../adapters/vendors/contract.ts";
import type { Price } from "../../catalog/catalog.ts";
import type { Diagnostic, SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Money } from "../../util/money.ts";

/** One line of the bill, priced. Of the amounts, those that are due are there; a usage price may have its fixed part. */
export interface Charge {
  /** Manifest resource, or the name of the lowered account that a plan belongs to. */
  readonly resource: string;
  /** Catalogue reference. */
  readonly service: string;
  readonly provider: string;
  /** Every category whose cap applies. */
  readonly categories: readonly string[];
  readonly kind: Price["kind"];
  /** Due at once and not every month: a purchase, or a year in advance. */
  readonly oneTime?: Money | undefined;
  /** Due every calendar month; for shorter intervals the most that a month can hold of them. */
  readonly monthly?: Money | undefined;
  /** Due again every year, unless it is given up. */
  readonly yearly?: Money | undefined;
  /** Unit rates of a usage price. */
  readonly rates: Extract<Price, { kind: "usage" }>["rates"];
  /** `bound`: the price is unknown, and the amount is the most that the manifest allows. */
  readonly source: "catalogue" | "price-book" | "bound";
  /** What the catalogue says, untrusted; empty when it leaves the price open. */
  readonly text: string;
  readonly irreversible: boolean;
  /** It is there already: nothing one-time is due for it, and nobody needs to approve it again. */
  readonly exists: boolean;
  readonly location: SourceLocation;
}

/** What is planned under one cap. Amounts are in the cap's currency; one in another currency is an error and not in the sums. */
export interface CapUse {
  /** Provider or category, or in words what the cap is for. */
  readonly name: string;
  readonly oneTime: Money;
  readonly monthly: Money;
  readonly cap: Money;
  /** Of the cap in the first month; negative when the plan is above it. */
  readonly leftAfter: Money;
}

/** Sums per currency, the currency of the caps first. Fixed, usage-based and unknown amounts are kept apart. */
export interface CostEstimate {
  readonly oneTime: readonly Money[];
  /** What is certain to be due every month, the fixed parts of usage prices included. */
  readonly monthly: readonly Money[];
  /** Due again every year: renewals. */
  readonly yearlyCommitment: readonly Money[];
  /** Billed by use on top of {@link monthly}, without an upper bound of their own. */
  readonly usageBased: readonly Charge[];
  readonly unknown: readonly Charge[];
  /** By provider's name. */
  readonly byProvider: readonly CapUse[];
  /** Categories that have a cap, by name. */
  readonly byCategory: readonly CapUse[];
  /** Caps of the project, the stack and the agent, and of further windows, named in words. */
  readonly others: readonly CapUse[];
  /** The most that is due again within twelve months; absent where nothing caps it. */
  readonly commitments?: { readonly amount: Money; readonly cap: Money } | undefined;
  readonly total: CapUse;
  readonly perRun: CapUse;
}

/** A right that the stack's access token at a provider gets. */
export interface ProviderPermission extends Permission {
  readonly provider: string;
}

/** What exists of a counted kind once the plan is carried out, and how many may. */
export interface CountUse {
  readonly used: number;
  readonly limit: number;
}

export interface IrreversibleAct {
  readonly resource: string;
  readonly service: string;
  /** In our own words, `registers example-shop.com for 1 year`. */
  readonly act: string;
  readonly location: SourceLocation;
}

export const APPROVAL_REASONS = ["paid", "irreversible", "unknown-price", "foreign-name"] as const;

/** Something that a person must approve before it happens. */
export interface ApprovalNeed {
  readonly reason: (typeof APPROVAL_REASONS)[number];
  readonly resource: string;
  readonly location: SourceLocation;
}

/** What the guardrails say about a model. There are no waivers: what is an error stays one until model or guardrails change. */
export interface PolicyResult {
  /** What went to the sink, in order. */
  readonly findings: readonly Diagnostic[];
  /** In the order of the lowered prices. */
  readonly charges: readonly Charge[];
  readonly cost: CostEstimate;
  readonly counts: {
    readonly domains: CountUse;
    readonly accounts: CountUse;
    readonly tokens: CountUse;
  };
  /** By provider, group and scope. */
  readonly permissions: readonly ProviderPermission[];
  readonly irreversible: readonly IrreversibleAct[];
  readonly approvals: readonly ApprovalNeed[];
  /** True when {@link approvals} is not empty; on the stack `local` never. */
  readonly requiresApproval: boolean;
}
