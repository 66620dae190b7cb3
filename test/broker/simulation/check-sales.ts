import type { Limits } from "../../../src/compiler/1-manifest/guardrails.ts";
import { parseDuration } from "../../../src/util/duration.ts";
import type { Sale } from "./seller.ts";

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

/**
 * Adds up what the seller really took, without a look at the ledger's books, and compares it with the caps. Answers with what was exceeded. A sale belongs to
 * the month that it was ordered in, and to the rolling window that it was charged in.
 */
export function checkSales(sales: readonly Sale[], limits: Limits): readonly string[] {
  const found: string[] = [];
  const sums = new Map<string, bigint>();
  const add = (name: string, minor: bigint, limit: bigint | undefined): void => {
    const sum = (sums.get(name) ?? 0n) + minor;
    sums.set(name, sum);
    if (limit !== undefined && sum > limit) found.push(`${name}: ${sum} of ${limit}`);
  };
  const keys = new Set<string>();
  for (const { request, recordedAt, agent, minor } of sales) {
    if (keys.has(request.key)) found.push(`charged twice: ${request.key}`);
    keys.add(request.key);
    if (minor > limits.perTransaction.minor) found.push(`transaction: ${minor}`);
    const month = monthOf(recordedAt);
    const { identity, provider, run, spend } = request;
    add(`total ${month}`, minor, limits.total.minor);
    add(`provider ${provider} ${month}`, minor, limits.perProvider.minor);
    add(`project ${identity.project} ${month}`, minor, limits.perProject?.minor);
    add(`stack ${identity.project}/${identity.stack} ${month}`, minor, limits.perStack?.minor);
    add(`agent ${agent} ${month}`, minor, limits.perAgent?.minor);
    add(`run ${run}`, minor, limits.perRun.minor);
    if (spend?.token !== undefined) add(`token ${spend.token.lease}`, minor, spend.token.cap.minor);
    for (const category of new Set(spend?.categories))
      add(`category ${category} ${month}`, minor, limits.categories[category]?.minor);
  }
  return [...found, ...checkWindows(sales, limits)];
}

/** No stretch of a rolling window's length holds more than its cap: it's enough to look at those that end with a sale. */
function checkWindows(sales: readonly Sale[], limits: Limits): readonly string[] {
  const found: string[] = [];
  for (const { scope, amount, window } of limits.windows ?? []) {
    const length = parseDuration(window);
    if (scope !== "total" || length === undefined) continue;
    let first = 0;
    let sum = 0n;
    for (const sale of sales) {
      sum += sale.minor;
      for (let oldest = sales[first]; oldest && oldest.at + length <= sale.at; ) {
        sum -= oldest.minor;
        first += 1;
        oldest = sales[first];
      }
      if (sum > amount.minor) found.push(`window ${window}: ${sum} of ${amount.minor}`);
    }
  }
  return found;
}
