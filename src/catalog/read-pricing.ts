import { listAt, memberAt } from "../util/json-access.ts";
import type { CatalogService, Price } from "./catalog.ts";
import { parsePrice } from "./parse-price.ts";

/** More prices of one service are not read. */
const PRICES_MAX = 1_000;
/** Stands for what is no value of a configuration, so that none chooses it. */
const NO_CHOICE = "\u0000";

type Entry = CatalogService["prices"][number];

/**
 * Reads what a service costs, as Stripe's catalogue says it (protocol, section 1.7) or as a provider itself does (section 2.4): both know `free`, `paid` and
 * `component`, with other names below. Total: what cannot be read is one unknown price, and then `isReadable` is false.
 */
export function readPricing(pricing: unknown): {
  /** Never empty. */
  readonly prices: readonly Entry[];
  readonly isReadable: boolean;
} {
  const prices = readPrices(pricing);
  return prices.length > 0 && prices.length <= PRICES_MAX
    ? { prices, isReadable: true }
    : { prices: [toEntry(undefined, undefined, { isDefault: true })], isReadable: false };
}

function readPrices(pricing: unknown): readonly Entry[] {
  switch (memberAt(pricing, "type")) {
    case "free":
      return [toEntry("free", undefined, { isDefault: true })];
    case "component":
      return (listAt(pricing, "component", "options") ?? []).map(readOption);
    case "paid":
      return readTiers(pricing);
    default:
      return [];
  }
}

/** `component`: the price hangs on the provider's plan that is active. */
function readOption(option: unknown): Entry {
  const paid = memberAt(option, "paid");
  const isFree = memberAt(option, "type") === "free";
  const parents = ["parent_services", "parent_service_ids"].flatMap(
    (name) => listAt(option, name) ?? [],
  );
  return toEntry(memberAt(paid, "type") ?? (isFree ? "free" : undefined), paid, {
    isDefault: memberAt(option, "is_default") === true || memberAt(option, "default") === true,
    parents: parents.filter((item) => typeof item === "string"),
  });
}

/** `paid`: one price, or a tier for each choice of configuration, in a list beside the default one or as `paid` itself. */
function readTiers(pricing: unknown): readonly Entry[] {
  const base = memberAt(pricing, "paid");
  const tiers = Array.isArray(base) ? base : (listAt(pricing, "paid_pricing") ?? []);
  if (tiers.length === 0)
    return base == null || Array.isArray(base)
      ? []
      : [toEntry(memberAt(base, "type"), base, { isDefault: true })];
  const marked = tiers.some((tier) => memberAt(tier, "is_default") === true);
  const isBase = (tier: unknown) =>
    ["type", "freeform", "description"].every(
      (name) => memberAt(base, name) === memberAt(tier, name),
    );
  return tiers.map((tier) =>
    toEntry(memberAt(tier, "type"), tier, {
      isDefault: marked
        ? memberAt(tier, "is_default") === true
        : tiers.length === 1 || (!Array.isArray(base) && isBase(tier)),
    }),
  );
}

function toEntry(
  type: unknown,
  paid: unknown,
  place: { readonly isDefault: boolean; readonly parents?: readonly string[] | undefined },
): Entry {
  const text = readText(paid, "freeform");
  const detail = readText(paid, "description");
  const selectors = memberAt(paid, "configuration");
  const isRecord = typeof selectors === "object" && selectors !== null && !Array.isArray(selectors);
  const when = Object.entries(isRecord ? selectors : {}).map(
    ([key, value]) => [key, typeof value === "object" ? NO_CHOICE : String(value)] as const,
  );
  let price: Price | undefined;
  return Object.freeze({
    // Read when it is asked for: a stack needs few of the catalogue's prices.
    get price() {
      price ??= type === "free" ? readFree(text, detail) : parsePrice(text, detail);
      return price;
    },
    text: text === "" ? detail : text,
    detail: text === "" ? "" : detail,
    when: Object.freeze(Object.fromEntries(when)),
    isDefault: place.isDefault,
    parents: Object.freeze(place.parents ?? []),
  });
}

/** Declared free, unless a text beside it says otherwise. */
function readFree(text: string, detail: string): Price {
  return parsePrice(text === "" ? "free" : text, detail).kind === "free"
    ? { kind: "free" }
    : { kind: "unknown", text: text === "" ? detail : text };
}

function readText(value: unknown, name: string): string {
  const text = memberAt(value, name);
  return typeof text === "string" ? text : "";
}
