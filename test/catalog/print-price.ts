import type { Price } from "../../src/catalog/catalog.ts";
import { formatMoney } from "../../src/util/money.ts";

/** A price on one line, for tables and expectations. */
export function printPrice(price: Price): string {
  switch (price.kind) {
    case "free":
    case "unknown":
      return price.kind;
    case "fixed":
      return `fixed ${formatMoney(price.amount)} a ${price.interval}`;
    case "one-time":
      return `one-time ${formatMoney(price.amount)} a ${price.per}`;
    case "usage": {
      const rates = price.rates.map((rate) => `${rate.amount} ${rate.currency}/${rate.unit}`);
      const minimum =
        price.minimum === undefined
          ? ""
          : `, at least ${formatMoney(price.minimum.amount)} a ${price.minimum.interval}`;
      return `usage${minimum}${rates.length === 0 ? "" : `: ${rates.join(", ")}`}`;
    }
  }
}
