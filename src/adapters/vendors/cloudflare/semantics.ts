import type { VendorSemantics } from "../semantics.ts";

const ADDRESS = "Cloudflare keeps the certificate and the name's record by itself";

/** What each kind is like at Cloudflare; the pages are in the README. */
export const CLOUDFLARE_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in": "isolates of 128 MB that offer a part of Node, near each visitor",
    scales: "by itself, down to nothing",
    address: ADDRESS,
  }),
  site: () => ({
    "served from": "caches all over the world",
    address: ADDRESS,
  }),
  database: () => ({
    dialect: "SQLite",
    copies: "kept several times, and any minute of the last 7 to 30 days can be restored",
    size: "up to 10 GB",
  }),
  bucket: () => ({
    interface: "S3, and R2's for apps",
    copies: "kept several times",
    delivery: "from Cloudflare's network, without a charge for traffic",
  }),
  kv: () => ({
    consistency: "eventual: elsewhere a write is seen after up to a minute or more",
    writes: "one a second for each key",
    reads: "from a cache near the reader",
  }),
  queue: () => ({
    delivery: "at least once, in no certain order",
    keeps: "messages for 1 to 14 days",
  }),
  cron: () => ({
    grain: "a minute",
    "missed times": "none: the schedule is the vendor's",
  }),
  domain: () => ({ registrar: "Cloudflare, at cost" }),
  dns: () => ({ zone: "with the registrar" }),
  secret: () => ({ "kept by": "the broker, and the app's place" }),
};
