import type { Money } from "../util/money.ts";

/** What a domain costs for one year, and what it will cost each year after. */
export interface DomainPrice {
  readonly registration: Money;
  readonly renewal: Money;
}

const usd = (minor: bigint): Money => ({ currency: "USD", minor });
const yearly = (minor: bigint): DomainPrice => ({
  registration: usd(minor),
  renewal: usd(minor),
});

/**
 * Registrar -> ending of the name -> price per year. Cloudflare's at-cost prices, to be confirmed by the quote: the catalogue states no
 * price for domains (protocol, section 1.7), and no money is held on the strength of this table alone.
 */
const PRICES: Readonly<Record<string, Readonly<Record<string, DomainPrice>>>> = {
  cloudflare: {
    com: yearly(1044n),
    net: yearly(1186n),
    org: yearly(1011n),
    dev: yearly(1220n),
    app: yearly(1420n),
    io: yearly(5000n),
  },
};

/**
 * Estimates a registration before there is a quote; undefined when the registrar or the ending is not in the table. `domain` is in
 * A-label form. `registration` covers all `years`, `renewal` is for one year.
 */
export function estimateDomain(
  provider: string,
  domain: string,
  years: number,
): DomainPrice | undefined {
  const ending = domain.slice(domain.indexOf(".") + 1);
  const book = Object.hasOwn(PRICES, provider) ? PRICES[provider] : undefined;
  const price = book !== undefined && Object.hasOwn(book, ending) ? book[ending] : undefined;
  if (price === undefined) return undefined;
  const { registration, renewal } = price;
  const later = renewal.minor * BigInt(years - 1);
  return { registration: usd(registration.minor + later), renewal };
}
