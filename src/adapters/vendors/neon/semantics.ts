import type { VendorSemantics } from "../semantics.ts";

/** What each kind is like at Neon; the pages are in the README. */
export const NEON_SEMANTICS: VendorSemantics = {
  database: () => ({
    dialect: "PostgreSQL",
    copies:
      "kept several times; any minute of the last 6 hours can be restored, of the last day on a paid plan",
    size: "500 MB, or what is paid for on a paid plan",
  }),
  kv: () => ({
    consistency: "strong: a write is seen at once",
    writes: "as many as PostgreSQL takes",
    reads: "from one region's PostgreSQL, over the internet",
  }),
};
