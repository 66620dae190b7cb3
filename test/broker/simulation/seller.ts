import type { IntentRequest } from "../../../src/broker/ledger/ledger.ts";
import type { Draws } from "./draws.ts";

/** What a buyer sends. */
export interface Order {
  readonly request: IntentRequest;
  /** When the ledger recorded it. */
  readonly recordedAt: number;
  readonly agent: string;
}

/** A line of the seller's own book. */
export interface Sale extends Order {
  readonly minor: bigint;
  readonly at: number;
}

export type SaleAnswer =
  | { readonly kind: "sold"; readonly minor: bigint }
  | { readonly kind: "refused" }
  | { readonly kind: "unknown" };

/** Who takes the money: keeps the first outcome of each key and repeats it, as payment providers do, and loses answers and questions. */
export interface Seller {
  readonly sales: readonly Sale[];
  /** Orders that arrived, repeats included. */
  readonly arrived: number;
  /** The most domains that were there at one time. */
  readonly mostDomains: number;
  order(order: Order): SaleAnswer;
  /** What was sold under a key is given up. */
  remove(key: string): void;
}

export function createSeller(draws: Draws, now: () => number): Seller {
  const sales: Sale[] = [];
  const outcomes = new Map<string, SaleAnswer>();
  const domains = new Set<string>();
  let arrived = 0;
  let mostDomains = 0;
  const serve = (order: Order): SaleAnswer => {
    arrived += 1;
    const { key, spend } = order.request;
    const known = outcomes.get(key);
    if (known !== undefined) return known;
    const most = spend?.amount.minor ?? 0n;
    // Often less than was quoted, never more: a price that rose is refused.
    const minor = draws.chance(0.3) ? (most * BigInt(draws.below(101))) / 100n : most;
    const answer: SaleAnswer = draws.chance(0.1) ? { kind: "refused" } : { kind: "sold", minor };
    outcomes.set(key, answer);
    if (answer.kind === "refused") return answer;
    sales.push({ ...order, minor, at: now() });
    if (order.request.count === "domains") domains.add(key);
    mostDomains = Math.max(mostDomains, domains.size);
    return answer;
  };
  return {
    sales,
    get arrived() {
      return arrived;
    },
    get mostDomains() {
      return mostDomains;
    },
    remove: (key) => void domains.delete(key),
    order(order) {
      if (draws.chance(0.06)) return { kind: "unknown" };
      const answer = serve(order);
      if (draws.chance(0.06)) serve(order);
      return draws.chance(0.08) ? { kind: "unknown" } : answer;
    },
  };
}
