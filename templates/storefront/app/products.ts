/** The goods. Prices are whole cents: money is never a fraction of a number. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly blurb: string;
  readonly cents: number;
  /** Two colours of its picture. */
  readonly colors: readonly [string, string];
}

export const PRODUCTS: readonly Product[] = [
  {
    id: "compass",
    name: "Brass compass",
    blurb: "Points north, whatever the meeting decides.",
    cents: 3400,
    colors: ["#b8860b", "#fdf6e3"],
  },
  {
    id: "lantern",
    name: "Deck lantern",
    blurb: "Warm light, six hours, no firmware.",
    cents: 5200,
    colors: ["#c2410c", "#fff7ed"],
  },
  {
    id: "logbook",
    name: "Bound logbook",
    blurb: "Two hundred pages that can't be rewritten quietly.",
    cents: 1850,
    colors: ["#1e3a5f", "#eff6ff"],
  },
];

export function findProduct(id: string): Product | undefined {
  return PRODUCTS.find((product) => product.id === id);
}

/** 1850 -> `$18.50`. */
export function formatCents(cents: number): string {
  return `$${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}
