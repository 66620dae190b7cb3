import type { MoneyReport } from "../index.ts";

/** `money: 10.44 USD spent in 2026-11, 0.00 USD held, 49.56 USD left of 60.00 USD` */
export function describeMoney({ month, spent, held, limit, left }: MoneyReport): string {
  return `money: ${spent} spent in ${month}, ${held} held, ${left} left of ${limit}`;
}
