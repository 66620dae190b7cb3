import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { Money } from "../../../util/money.ts";
import type { PaymentTokenState } from "../contract.ts";
import { ADYEN_UNITS } from "./adyen-units.ts";
import type { createAdyenCall } from "./call-adyen.ts";

type Call = ReturnType<typeof createAdyenCall>;

/** A card's charges are looked for from so long before its end (milliseconds) on. */
const LIFE_MOST = 366 * 86_400_000;
const PAGES_MOST = 50;

/** The card's status, its end as its rule has it, and what was taken with it. */
export async function readCardState(
  call: Call,
  balanceAccount: string,
  id: string,
  now: number,
): Promise<PaymentTokenState> {
  const card = await call(({ instruments }) => instruments.getPaymentInstrument(id));
  if (card.kind === "absent") return card;
  if (card.kind !== "object") return { kind: "unknown", code: card.code };
  const rules = await call(({ instruments }) =>
    instruments.getAllTransactionRulesForPaymentInstrument(id),
  );
  if (rules.kind !== "object")
    return { kind: "unknown", code: rules.kind === "absent" ? "malformed" : rules.code };
  const terms = readTerms(listAt(rules.body, "transactionRules") ?? []);
  if (terms === undefined) return { kind: "unknown", code: "malformed" };
  const captured = await sumCharges(call, balanceAccount, id, terms, now);
  if ("kind" in captured) return captured;
  const status = memberAt(card.body, "status");
  if (status === "closed") return { kind: "deactivated", reason: "closed", captured };
  if (status !== "active" && status !== "inactive" && status !== "suspended")
    return { kind: "unknown", code: "malformed" };
  return Date.parse(terms.expiresAt) <= now
    ? { kind: "deactivated", reason: "expired", captured }
    : { kind: "active", captured, expiresAt: terms.expiresAt };
}

interface Terms {
  readonly currency: string;
  readonly expiresAt: string;
}

/** Currency and end of a card, from the rule that begins with its end. */
function readTerms(rules: readonly unknown[]): Terms | undefined {
  const rule = rules.find((one) => memberAt(one, "description") === "supercargo expiry");
  const currency = textAt(rule, ["ruleRestrictions", "totalAmount", "value", "currency"]);
  const start = Date.parse(textAt(rule, ["startDate"]) ?? "");
  if (currency === undefined || Number.isNaN(start)) return undefined;
  return { currency, expiresAt: new Date(start).toISOString() };
}

/** Sums what left the balance account through the card: transactions are negative there, refunds positive. */
async function sumCharges(
  call: Call,
  balanceAccount: string,
  id: string,
  { currency, expiresAt }: Terms,
  now: number,
): Promise<Money | (PaymentTokenState & { kind: "unknown" })> {
  const since = new Date(Math.min(Date.parse(expiresAt), now) - LIFE_MOST);
  const until = new Date(now + 86_400_000);
  let units = 0n;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MOST; page++) {
    const answer = await call(({ transactions }) =>
      transactions.getAllTransactions(
        since,
        until,
        undefined,
        id,
        undefined,
        balanceAccount,
        cursor,
        undefined,
        100,
      ),
    );
    if (answer.kind !== "object")
      return { kind: "unknown", code: answer.kind === "absent" ? "malformed" : answer.code };
    for (const one of listAt(answer.body, "data") ?? []) {
      const value = memberAt(one, "amount", "value");
      if (memberAt(one, "amount", "currency") !== currency || !Number.isSafeInteger(value))
        return { kind: "unknown", code: "malformed" };
      units -= BigInt(value as number);
    }
    const next = textAt(answer.body, ["links", "next", "href"]);
    cursor = next === undefined ? undefined : readCursor(next);
    if (cursor === undefined)
      return (
        ADYEN_UNITS.fromUnits(currency, units < 0n ? 0n : units) ?? {
          kind: "unknown",
          code: "malformed",
        }
      );
  }
  return { kind: "unknown", code: "too_many_transactions" };
}

function readCursor(href: string): string | undefined {
  const url = URL.canParse(href) ? new URL(href) : new URL(href, "https://localhost");
  return url.searchParams.get("cursor") ?? undefined;
}
