import type { Money } from "../../util/money.ts";

/** Whether more was charged than was held, or in another currency: an incident, after which the provider is frozen and a person must look. */
export function isAboveHold(charged: Money | undefined, held: Money | undefined): boolean {
  return (
    held !== undefined &&
    charged !== undefined &&
    (charged.currency !== held.currency || charged.minor > held.minor)
  );
}
