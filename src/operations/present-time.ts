import type { Workplace } from "./workplace.ts";

/** The time by the workplace's clock. */
export function presentTime({ now = Date.now }: Pick<Workplace, "now">): Date {
  return new Date(now());
}
