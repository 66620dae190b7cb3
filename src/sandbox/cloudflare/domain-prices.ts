import { type Money, parseMoney } from "../../util/money.ts";

/** Prices of a domain in text form, per year, in US dollars. */
export interface DomainPrices {
  readonly registration: string;
  readonly renewal: string;
}

/** The sandbox's price list: registration and renewal per year. */
const PRICES: Readonly<Record<string, DomainPrices>> = {
  app: { registration: "14.20", renewal: "14.20" },
  cloud: { registration: "18.18", renewal: "18.18" },
  "co.uk": { registration: "5.22", renewal: "5.22" },
  com: { registration: "10.44", renewal: "10.44" },
  dev: { registration: "12.20", renewal: "12.20" },
  info: { registration: "9.18", renewal: "19.18" },
  net: { registration: "11.86", renewal: "11.86" },
  online: { registration: "5.18", renewal: "26.18" },
  org: { registration: "10.13", renewal: "10.13" },
  shop: { registration: "3.18", renewal: "32.18" },
  site: { registration: "5.18", renewal: "26.18" },
  xyz: { registration: "10.18", renewal: "12.18" },
};

/** Sold in the dashboard, not through the API (Registrar API docs, "Supported extensions"). */
const DASHBOARD_ONLY = new Set(["cc", "giving", "inc", "link", "lol", "mom", "new", "sh"]);

/** The extensions that search offers, in this order. */
export const SEARCHED_EXTENSIONS = ["com", "net", "org", "dev", "app", "shop", "xyz", "online"];

/** What `domain-check` says about a name. */
export type DomainCheck =
  | { readonly registrable: true; readonly prices: DomainPrices }
  | { readonly registrable: false; readonly reason: string; readonly tier?: "premium" | undefined };

const NAME =
  /^(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.((?:[a-z0-9-]{1,63}\.)?[a-z0-9-]{2,63})$/;

/**
 * Whether a name can be registered. `isTaken` knows the sandbox's own registrations. Names that begin with `taken-` belong to somebody else,
 * those with `premium-` are premium names.
 */
export function checkDomain(domain: string, isTaken: boolean): DomainCheck {
  const [, label = "", extension = ""] = NAME.exec(domain) ?? [];
  const prices = PRICES[extension];
  if (label === "") return { registrable: false, reason: "extension_disallows_registration" };
  if (DASHBOARD_ONLY.has(extension))
    return { registrable: false, reason: "extension_not_supported_via_api" };
  if (prices === undefined) return { registrable: false, reason: "extension_not_supported" };
  if (isTaken || label.startsWith("taken-"))
    return { registrable: false, reason: "domain_unavailable" };
  if (label.startsWith("premium-"))
    return { registrable: false, reason: "domain_premium", tier: "premium" };
  return { registrable: true, prices };
}

/** The price of a registration: the first year's and the renewal of each further one. */
export function priceRegistration(prices: DomainPrices, years: number): Money {
  const first = parseMoney(`${prices.registration} USD`);
  const renewal = parseMoney(`${prices.renewal} USD`);
  if (first === undefined || renewal === undefined)
    throw new Error("a price of the list is no money");
  return { currency: "USD", minor: first.minor + renewal.minor * BigInt(years - 1) };
}

/** The inverse of printing a price with `formatMoney` into a record. */
export function readPrice(text: string): Money {
  const money = parseMoney(text);
  if (money === undefined) throw new Error(`${text} is no money`);
  return money;
}
