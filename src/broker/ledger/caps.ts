import type { Limits } from "../../compiler/1-manifest/guardrails.ts";
import type { Money } from "../../util/money.ts";
import type { Spend } from "./ledger.ts";

/** A cap that an act's money must fit under. */
export interface AppliedCap {
  /** Account in the ledger, e.g. `provider/cloudflare/2026-11`. */
  readonly account: string;
  readonly limit: Money;
}

/** Every accumulating cap that applies. The cap of one transaction accumulates nothing: see {@link transactionCap}. */
export function listCaps(
  limits: Limits,
  spend: Spend,
  place: { readonly provider: string; readonly run: string; readonly month: string },
): readonly AppliedCap[] {
  const { provider, run, month } = place;
  const category = Object.hasOwn(limits.categories, spend.category)
    ? limits.categories[spend.category]
    : undefined;
  return [
    { account: `provider/${provider}/${month}`, limit: limits.perProvider },
    { account: `total/${month}`, limit: limits.total },
    { account: `run/${run}`, limit: limits.perRun },
    ...(category === undefined
      ? []
      : [{ account: `category/${spend.category}/${month}`, limit: category }]),
    ...(spend.token === undefined
      ? []
      : [{ account: `token/${spend.token.lease}`, limit: spend.token.cap }]),
  ];
}

/** The cap of one purchase. */
export function transactionCap(limits: Limits): AppliedCap {
  return { account: "transaction", limit: limits.perTransaction };
}

/** `2026-11` of milliseconds since the epoch, UTC. */
export function monthOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 7);
}
