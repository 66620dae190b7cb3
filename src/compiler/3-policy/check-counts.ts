import type { Lowered } from "../../adapters/vendors/contract.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Model } from "../2-model/model.ts";
import type { Charge, PolicyResult } from "./policy-result.ts";

const TOKEN_TYPES: ReadonlySet<string> = new Set([
  "supercargo_payment_token",
  "supercargo_access_token",
]);

/** Counts domains, accounts (one for each provider that is used) and tokens, and reports those above their limit; `whole` is where what belongs to no resource is reported. */
export function checkCounts(
  model: Model,
  lowered: readonly Lowered[],
  charges: readonly Charge[],
  whole: SourceLocation,
  sink: DiagnosticSink,
): PolicyResult["counts"] {
  const { counts } = model.limits;
  const domains = model.resources.filter(({ kind }) => kind === "domain");
  const withAccount = lowered.filter(({ resources }) =>
    resources.some(({ type }) => type === "supercargo_account"),
  );
  const providers = new Set([
    ...withAccount.map(({ provider }) => provider),
    ...charges.map(({ provider }) => provider),
  ]);
  const tokens = lowered.flatMap(({ resources }) =>
    resources.filter(({ type }) => TOKEN_TYPES.has(type)),
  );
  const result = {
    domains: { used: domains.length, limit: counts.domains },
    accounts: { used: providers.size, limit: counts.accounts },
    tokens: { used: tokens.length, limit: counts.tokens },
  };
  for (const what of ["domains", "accounts", "tokens"] as const) {
    const { used: needed, limit } = result[what];
    if (needed <= limit) continue;
    const location = (what === "domains" ? domains[limit]?.location : undefined) ?? whole;
    sink.report(createDiagnostic("SC4004", { needed, what, limit }, location));
  }
  return result;
}
