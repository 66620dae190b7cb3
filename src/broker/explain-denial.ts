import { formatMoney } from "../util/money.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import type { Denial } from "./ledger/ledger.ts";

/** Why the ledger recorded nothing, as a failure for people. */
export function explainDenial(denial: Denial): BrokerFailure {
  switch (denial.code) {
    case "frozen":
      return fail("frozen", { scope: denial.scope });
    case "cap_exceeded":
      return fail("cap_exceeded", {
        amount: formatMoney(denial.amount),
        cap: denial.cap,
        limit: formatMoney(denial.limit),
      });
    case "currency_mismatch":
      return fail("currency_mismatch", { amount: formatMoney(denial.amount), cap: denial.cap });
    case "count_exceeded":
      return fail("count_exceeded", { count: denial.count, limit: String(denial.limit) });
    case "velocity_exceeded":
      return fail("velocity_exceeded", { cap: denial.cap, limit: String(denial.limit) });
  }
}
